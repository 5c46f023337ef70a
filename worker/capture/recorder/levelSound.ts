import type { TakesSound } from './openEncoding.ts';
import { CHANNELS } from './readSound.ts';

/**
 * Brings the files of all encodings to the same length of sound, with silence that begins exactly where each of
 * them ends. From there on all of them can take the same sound. Encoders and players delay the sound of each
 * file by the same time, whichever page encodes it, so sound stays in step with the pictures if it has no hole.
 * `writtenS` tells how much sound each file has, in seconds. Returns the common length in seconds, which is a
 * whole number of samples.
 */
export function levelSound(
  encodings: readonly TakesSound[],
  writtenS: readonly number[],
  sampleRate: number,
): number {
  const written = encodings.map((_, index) => Math.round((writtenS[index] ?? 0) * sampleRate));
  const longest = Math.max(...written);
  encodings.forEach((encoding, index) => {
    for (let at = written[index] as number; at < longest; at += sampleRate) {
      const length = Math.min(sampleRate, longest - at);
      encoding.addSound(new Float32Array(length * CHANNELS), at / sampleRate);
    }
  });
  return longest / sampleRate;
}
