/** The gain is set once per block and changes in a straight line from one block to the next. */
const BLOCK_S = 0.005;
/** -0.3 dBFS leaves room for what lossy coding adds. */
const CEILING = 0.966;
/** After a peak, the gain recovers by two thirds in this time. */
const RELEASE_S = 0.2;

export interface Limiter {
  /**
   * Takes the next samples and returns whole blocks, one block late. An incomplete block waits for the next
   * call.
   */
  push(samples: Float32Array): Float32Array;
}

/**
 * Keeps the peaks of interleaved sound below full scale. When many people speak at once, their mix may exceed
 * it and would be clipped. Sound below the ceiling passes without any change.
 */
export function createLimiter(given: { sampleRate: number; channels: number }): Limiter {
  const blockLength = Math.round(given.sampleRate * BLOCK_S) * given.channels;
  const release = 1 - Math.exp(-BLOCK_S / RELEASE_S);
  let rest = new Float32Array(0);
  /** The previous block with its gain. It waits until the loudness of the next block is known. */
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
