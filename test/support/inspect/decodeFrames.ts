import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type Rect = {
  xPx: number;
  yPx: number;
  widthPx: number;
  heightPx: number;
};

export type FrameRequest = {
  fromS: number;
  toS: number;
  rect: Rect;
  pixels: 'rgb24' | 'gray';
};

const BYTES_PER_PIXEL = { rgb24: 3, gray: 1 };

/**
 * Yields a rectangle of each frame shown from `fromS` to `toS` (seconds from the start of the file) as raw
 * pixels, one frame at a time. No frame is repeated or dropped.
 */
export async function* decodeFrames(path: string, request: FrameRequest): AsyncGenerator<Buffer> {
  const { rect, pixels } = request;
  const ffmpeg = spawn('ffmpeg', decodingArgs(path, request), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = reportEnd(ffmpeg);
  try {
    yield* split(ffmpeg.stdout, rect.widthPx * rect.heightPx * BYTES_PER_PIXEL[pixels]);
    await ended;
  } finally {
    // The reader may stop after the frame that it needs.
    ffmpeg.kill('SIGKILL');
    await ended.catch(() => undefined);
  }
}

function decodingArgs(path: string, { fromS, toS, rect, pixels }: FrameRequest): string[] {
  const range = ['-ss', String(fromS), '-t', String(toS - fromS)];
  // The picture is converted before it is cropped, because cropping subsampled colour moves an odd edge by a
  // pixel.
  const crop = `format=${pixels},crop=${rect.widthPx}:${rect.heightPx}:${rect.xPx}:${rect.yPx}`;
  const output = ['-vf', crop, '-fps_mode', 'passthrough', '-pix_fmt', pixels, '-f', 'rawvideo', 'pipe:1'];
  return ['-v', 'error', ...range, '-i', path, '-map', '0:v:0', ...output];
}

async function reportEnd(ffmpeg: ChildProcess): Promise<void> {
  let said = '';
  ffmpeg.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(ffmpeg, 'close');
  if (code !== 0) throw new Error(`ffmpeg failed: ${said.trim()}`);
}

async function* split(stream: AsyncIterable<Buffer>, frameBytes: number): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = [];
  let heldBytes = 0;
  for await (const piece of stream) {
    pieces.push(piece);
    heldBytes += piece.length;
    if (heldBytes < frameBytes) continue;
    let held = Buffer.concat(pieces);
    for (; held.length >= frameBytes; held = held.subarray(frameBytes)) yield held.subarray(0, frameBytes);
    pieces = [held];
    heldBytes = held.length;
  }
}
