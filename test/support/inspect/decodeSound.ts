import { runTool } from './runTool.ts';

export const SAMPLE_RATE_HZ = 48_000;

export type SoundRange = { fromS: number; toS: number };

/**
 * Returns the sound from `fromS` to `toS` (seconds from the start of the file) as samples from -1 to 1, the
 * mean of its channels. If the stream has a gap, starts late or has ended, the samples there are silent, so
 * the index of a sample is its time.
 */
export async function decodeSound(path: string, channels: number, range: SoundRange): Promise<Float32Array> {
  const { stdout } = await runTool('ffmpeg', decodingArgs(path, channels, range));
  // The bytes are copied, because a Float32Array must start at a multiple of four bytes.
  const interleaved = new Float32Array(new Uint8Array(stdout).buffer);
  const sampleCount = Math.round((range.toS - range.fromS) * SAMPLE_RATE_HZ);
  return Float32Array.from({ length: sampleCount }, (_, index) => mixDown(interleaved, channels, index));
}

function decodingArgs(path: string, channels: number, { fromS, toS }: SoundRange): string[] {
  const input = ['-v', 'error', '-ss', String(fromS), '-t', String(toS - fromS), '-i', path, '-map', '0:a:0'];
  const format = ['-ac', String(channels), '-ar', String(SAMPLE_RATE_HZ), '-f', 'f32le'];
  return [...input, '-af', 'aresample=async=1:first_pts=0', ...format, 'pipe:1'];
}

/** ffmpeg is not used for this, because its conversion to mono adds 3 dB to what both channels share. */
function mixDown(interleaved: Float32Array, channels: number, index: number): number {
  let sum = 0;
  for (let channel = 0; channel < channels; channel++) sum += interleaved[index * channels + channel] ?? 0;
  return sum / channels;
}
