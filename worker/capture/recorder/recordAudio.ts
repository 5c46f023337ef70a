import type { RecorderOptions } from '../../../shared/recorder/recorderCalls.ts';
import { type ContinuousSound, createContinuousSound } from './createContinuousSound.ts';
import { createLimiter } from './createLimiter.ts';
import { createResampler } from './createResampler.ts';
import { createSoundBatches } from './createSoundBatches.ts';
import { createTurns } from './createTurns.ts';
import { levelSound } from './levelSound.ts';
import type { TakesSound } from './openEncoding.ts';
import { CHANNELS, readSound, type SoundBlock } from './readSound.ts';

/** The sample rate of recorded sound. The tab may deliver another one (Chromium 156: 44.1 kHz). */
const SOUND_HZ = 48_000;
/**
 * The resampler holds back 16 samples (0.4 ms) and the limiter less than two blocks of 5 ms. This much
 * silence is more than enough to push both out. What is too much lies beyond the end and is cut off there.
 */
const HELD_BACK_S = 0.1;
/**
 * How many blocks of 10 ms are kept until `begin`. It needs the blocks since its instant, which is the time
 * of a picture that has just arrived: usually a few, and a few seconds' worth on a very busy machine. 5 s
 * take 1.8 MB.
 */
const MAX_EARLY_BLOCKS = 500;
/** A second of silence is encoded in 10 ms. */
const LONGEST_WAIT_MS = 1_000;

export interface AudioRecording {
  /** How much sound there is, in seconds. */
  durationS(): number;
  /**
   * From now on, sound goes into the encodings. `startUs` is the instant at which the recording starts.
   * `writtenS` tells for each encoding how much sound its file has already; it has none where nothing is told.
   */
  begin(encodings: readonly TakesSound[], startUs: number, writtenS: readonly number[]): void;
  /** Takes no sound that was played after this many seconds of recording. */
  endAt(durationS: number): void;
  /**
   * Fills the end with silence, so that sound ends together with the picture. Resolves once all sound is on its way to
   * the encodings.
   */
  finish(durationS: number): Promise<void>;
}

/**
 * Reads the tab's sound from now on. Sound that arrives before `begin`, but belongs after its instant, is
 * kept. The sound passes reader, timeline and seams, 48 kHz, limiter and batches once for all encodings.
 */
export function recordAudio(given: {
  track: MediaStreamAudioTrack;
  options: Pick<RecorderOptions, 'maxDurationS' | 'timeOriginUs'>;
  /** The compiled kernel. */
  kernel: BufferSource;
  onError: (error: unknown) => void;
}): AudioRecording {
  const { track, options, kernel, onError } = given;
  const fromHz = track.getSettings().sampleRate ?? SOUND_HZ;
  const early: SoundBlock[] = [];
  let maxS = options.maxDurationS;
  let running: RunningSound | null = null;
  let hasEnded = false;

  const reader = readSound(track, take, onError);

  function take(block: SoundBlock): void {
    if (hasEnded) return;
    if (running) put(block, running);
    else early.push(block);
    if (early.length > MAX_EARLY_BLOCKS) early.shift();
  }

  function put({ timestampUs, samples }: SoundBlock, { sound }: RunningSound): void {
    sound.put(timestampUs + options.timeOriginUs, samples);
  }

  return {
    durationS: () => Math.min(running?.durationS() ?? 0, maxS),
    begin: (encodings, startUs, writtenS) => {
      running = startSound({ fromHz, startUs, maxDurationS: maxS, encodings, writtenS, kernel, onError });
      for (const block of early.splice(0)) put(block, running);
    },
    endAt: (durationS) => {
      maxS = Math.min(maxS, durationS);
      running?.endAt(durationS);
      reader.hurry();
    },
    finish: async (durationS) => {
      hasEnded = true;
      reader.stop();
      await running?.finish(durationS);
    },
  };
}

/** Times are seconds of the whole recording. */
interface RunningSound {
  readonly sound: Pick<ContinuousSound, 'put'>;
  durationS(): number;
  endAt(durationS: number): void;
  finish(durationS: number): Promise<void>;
}

/** Connects the steps between the tab's blocks and the encodings. */
function startSound(given: {
  fromHz: number;
  startUs: number;
  maxDurationS: number;
  encodings: readonly TakesSound[];
  writtenS: readonly number[];
  kernel: BufferSource;
  onError: (error: unknown) => void;
}): RunningSound {
  const { fromHz, encodings, kernel } = given;
  const fromS = levelSound(encodings, given.writtenS, SOUND_HZ);
  const startUs = given.startUs + fromS * 1e6;
  let taken: Promise<unknown> = Promise.resolve();
  const batches = createSoundBatches({
    sampleRate: SOUND_HZ,
    maxDurationS: given.maxDurationS - fromS,
    write: (samples, atS) => {
      taken = Promise.all(encodings.map((encoding) => encoding.addSound(samples, fromS + atS)));
    },
  });
  const turns = createTurns(given.onError);
  const writeSecond = async () => {
    batches.push(new Float32Array(SOUND_HZ * CHANNELS));
    // One encoding that takes nothing any more must not hold up the others.
    await Promise.race([taken, pause(LONGEST_WAIT_MS)]);
  };
  const limiter = createLimiter({ sampleRate: SOUND_HZ, channels: CHANNELS });
  const resampler = createResampler({ fromHz, toHz: SOUND_HZ, kernel });
  const sound = createContinuousSound({
    startUs,
    sampleRate: fromHz,
    write: (samples) => turns.run(() => batches.push(limiter.push(resampler.push(samples)))),
    writeSilence: (seconds) => turns.split(seconds, writeSecond),
  });
  return {
    sound,
    durationS: () => fromS + sound.durationS(),
    endAt: (durationS) => batches.endAt(durationS - fromS),
    finish: async (durationS) => {
      sound.fillTo(durationS - fromS);
      sound.pad(HELD_BACK_S);
      turns.run(batches.flush);
      await turns.done();
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
