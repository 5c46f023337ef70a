/** The gain is set once per block, and rides from one to the next in a straight line. */
const BLOCK_S = 0.005;
/** -0.3 dBFS: room for what lossy coding adds. */
const CEILING = 0.966;
/** After a peak the gain comes back by two thirds in this time. */
const RELEASE_S = 0.2;

export interface Limiter {
  /** Takes the next samples; returns whole blocks, one block late. Shorter rests wait for the next call. */
  push(samples: Float32Array): Float32Array;
}

/**
 * Holds the peaks of interleaved sound below full scale, for many people who speak at once: a mix may go beyond
 * it, and would be cut off square. Sound below the ceiling passes unchanged, to the bit.
 */
export function createLimiter(given: { sampleRate: number; channels: number }): Limiter {
  const blockLength = Math.round(given.sampleRate * BLOCK_S) * given.channels;
  const release = 1 - Math.exp(-BLOCK_S / RELEASE_S);
  let rest = new Float32Array(0);
  /** The block before, which waits to hear how loud the next one is, and its gain. */
  let held: { block: Float32Array; gain: number } | null = null;
  let startGain = 1;

  function push(samples: Float32Array): Float32Array {
    const input = new Float32Array(rest.length + samples.length);
    input.set(rest);
    input.set(samples, rest.length);
    const blocks = Math.floor(input.length / blockLength);
    const output: Float32Array[] = [];
    for (let index = 0; index < blocks; index++) {
      const block = input.slice(index * blockLength, (index + 1) * blockLength);
      const before = held?.gain ?? 1;
      const recovered = before + (1 - before) * release;
      const gain = Math.min(recovered > 0.9999 ? 1 : recovered, CEILING / Math.max(CEILING, peakOf(block)));
      if (!held) startGain = gain;
      else {
        const endGain = Math.min(held.gain, gain);
        output.push(ride(held.block, startGain, endGain));
        startGain = endGain;
      }
      held = { block, gain };
    }
    rest = input.slice(blocks * blockLength);
    return join(output, blockLength);
  }
  return { push };
}

function peakOf(block: Float32Array): number {
  let peak = 0;
  for (const sample of block) peak = Math.max(peak, Math.abs(sample));
  return peak;
}

function ride(block: Float32Array, from: number, to: number): Float32Array {
  if (from === 1 && to === 1) return block;
  return block.map((sample, index) => sample * (from + ((to - from) * index) / block.length));
}

function join(blocks: readonly Float32Array[], blockLength: number): Float32Array {
  const joined = new Float32Array(blocks.length * blockLength);
  for (const [index, block] of blocks.entries()) joined.set(block, index * blockLength);
  return joined;
}
