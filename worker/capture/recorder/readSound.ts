/** Channels of recorded sound, interleaved in every block: left and right. */
export const CHANNELS = 2;

/**
 * Chromium 156 delivers a tab's sound in blocks of 10 ms. Five of them gather while the reader rests, and are
 * read in one burst.
 */
const BURST_BLOCKS = 5;
const BURST_MS = 50;
/**
 * How long after its first sample was played a block arrives: 20 ms, and 29 ms for one block in a hundred
 * (measured over a minute).
 */
const ARRIVAL_MS = 30;
/** Blocks that the track keeps for us: 5 s. A reader that is further behind would lose sound. */
const TRACK_BUFFER_BLOCKS = 500;

/** Some milliseconds of sound, interleaved. */
export interface SoundBlock {
  /** When its first sample was played, in microseconds since the page's time origin. */
  readonly timestampUs: number;
  readonly samples: Float32Array;
}

export interface SoundReader {
  /** Stops the rests: from now on each block is read as soon as it comes. */
  hurry(): void;
  /** Reads no more. */
  stop(): void;
}

/**
 * Reads a track's sound from now until the track ends. It reads in bursts and rests after each, because
 * waking up for each block costs more than processing it. A rest gets shorter if the reader is late, because
 * timers fire late: with rests of always 50 ms, the reader was 0.9 s behind after a minute on a busy machine.
 */
export function readSound(
  track: MediaStreamAudioTrack,
  take: (block: SoundBlock) => void,
  onError: (error: unknown) => void,
): SoundReader {
  let isInHurry = false;
  let isOver = false;
  let endRest: () => void = () => {};

  async function readAll(): Promise<void> {
    const processor = new MediaStreamTrackProcessor({ track, maxBufferSize: TRACK_BUFFER_BLOCKS });
    const reader = processor.readable.getReader();
    let next = await reader.read();
    for (let blocks = 1; !next.done && !isOver; next = await reader.read(), blocks++) {
      const block = toBlock(next.value);
      take(block);
      if (blocks % BURST_BLOCKS === 0) await restAfter(block);
    }
    next.value?.close();
    await reader.cancel();
  }

  async function restAfter({ timestampUs }: SoundBlock): Promise<void> {
    const lateMs = performance.now() - timestampUs / 1000 - ARRIVAL_MS;
    const restMs = isInHurry ? 0 : Math.min(BURST_MS, BURST_MS - lateMs);
    if (restMs <= 0) return;
    await new Promise<void>((resolve) => {
      endRest = resolve;
      setTimeout(resolve, restMs);
    });
  }

  readAll().catch(onError);
  return {
    hurry: () => {
      isInHurry = true;
      endRest();
    },
    stop: () => {
      isOver = true;
      endRest();
    },
  };
}

function toBlock(data: AudioData): SoundBlock {
  const block = { timestampUs: data.timestamp, samples: toStereo(data) };
  data.close();
  return block;
}

/** Interleaved stereo. Mono sound goes to both sides. */
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
