/** This is too short to be heard, and long enough to avoid a click. */
const SEAM_S = 0.005;

export interface Seams {
  /** Takes samples that directly follow those before. */
  follow(samples: Float32Array): Float32Array;
  /**
   * Takes samples that do not directly follow those before, because something was cut out or filled in
   * between.
   */
  join(samples: Float32Array): Float32Array;
}

/**
 * Where interleaved sound jumps, joins the last sample to the next ones with a straight line of 5 ms, so that
 * it does not click.
 */
export function createSeams(given: { sampleRate: number; channels: number }): Seams {
  const { channels } = given;
  const length = Math.round(given.sampleRate * SEAM_S);
  const last = new Float32Array(channels);
  const jump = new Float32Array(channels);
  let left = 0;
  let hasJumped = false;

  function follow(samples: Float32Array): Float32Array {
    if (samples.length === 0) return samples;
    if (hasJumped) startBend(samples);
    const output = left > 0 ? bend(samples) : samples;
    last.set(output.subarray(output.length - channels));
    return output;
  }

  function startBend(samples: Float32Array): void {
    for (let channel = 0; channel < channels; channel++)
      jump[channel] = (last[channel] as number) - (samples[channel] as number);
    left = length;
    hasJumped = false;
  }

  function bend(samples: Float32Array): Float32Array {
    const output = samples.slice();
    for (let index = 0; index < output.length && left > 0; index += channels, left--) {
      for (let channel = 0; channel < channels; channel++)
        output[index + channel] =
          (output[index + channel] as number) + ((jump[channel] as number) * left) / length;
    }
    return output;
  }

  return {
    follow,
    join: (samples) => {
      hasJumped = true;
      return follow(samples);
    },
  };
}
