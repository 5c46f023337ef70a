import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Yields what ffmpeg writes to its standard output in records of this size, and never holds all of it. */
export async function* streamTool(args: readonly string[], recordBytes: number): AsyncGenerator<Buffer> {
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(ffmpeg, 'close');
  let held = Buffer.alloc(0);
  for await (const piece of ffmpeg.stdout) {
    held = Buffer.concat([held, piece as Buffer]);
    let at = 0;
    for (; held.length - at >= recordBytes; at += recordBytes) yield held.subarray(at, at + recordBytes);
    held = held.subarray(at);
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`ffmpeg ${args.join(' ')} failed with ${code}`);
}
