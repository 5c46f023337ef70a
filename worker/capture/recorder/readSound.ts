/** Channels of recorded sound, interleaved in every block: left and right. */
export const CHANNELS = 2;

/**
 * After so many blocks the reader rests. Chromium delivers a tab's sound in blocks of 10 ms, so a burst takes up
 * what gathers in a rest.
 */
const BURST_BLOCKS = 5;
const BURST_MS = 50;
/** Blocks the track keeps for us: 5 s, more than a busy machine has ever kept the page waiting. */
const TRACK_BUFFER_BLOCKS = 500;

/** Some milliseconds of sound, interleaved. */
export interface SoundBlock {
  /** When its first sample was played, in microseconds since the page's time origin. */
  readonly timestampUs: number;
  readonly samples: Float32Array;
}

export interface SoundReader {
  /** Lets no more blocks gather: from now on each is taken as it comes. */
  hurry(): void;
}

/**
 * Reads a track's sound, from now until the track ends. It reads in bursts with a rest after each, since a wake-up
 * for each block costs more than what is done with it.
 */
export function readSound(
  track: MediaStreamAudioTrack,
  take: (block: SoundBlock) => void,
  onError: (error: unknown) => void,
): SoundReader {
  let isInHurry = false;
  let endRest: () => void = () => {};

  function rest(): Promise<void> {
    return new Promise((resolve) => {
      endRest = resolve;
      setTimeout(resolve, isInHurry ? 0 : BURST_MS);
    });
  }

  async function readAll(): Promise<void> {
    const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: TRACK_BUFFER_BLOCKS });
    const reader = processor.readable.getReader();
    for (let blocks = 1, next = await reader.read(); !next.done; next = await reader.read(), blocks++) {
      take(toBlock(next.value));
      if (blocks % BURST_BLOCKS === 0) await rest();
    }
  }

  readAll().catch(onError);
  return {
    hurry: () => {
      isInHurry = true;
      endRest();
    },
  };
}

function toBlock(data: AudioData): SoundBlock {
  const block = { timestampUs: data.timestamp, samples: toStereo(data) };
  data.close();
  return block;
}

/** Interleaved stereo; mono goes to both sides. */
function toStereo(data: AudioData): Float32Array {
  const { numberOfFrames, numberOfChannels } = data;
  const interleaved = new Float32Array(numberOfFrames * CHANNELS);
  if (numberOfChannels === CHANNELS) {
    data.copyTo(interleaved, { planeIndex: 0, format: 'f32' });
    return interleaved;
  }
  const mono = new Float32Array(numberOfFrames);
  data.copyTo(mono, { planeIndex: 0, format: 'f32-planar' });
  return interleaved.map((_, index) => mono[Math.floor(index / CHANNELS)] as number);
}
