import type {
  ComposedConfig,
  ComposerMessage,
  ComposerStats,
} from '../../../shared/recorder/composerMessages.ts';
import type { ContinuedTimeline, RecorderOptions } from '../../../shared/recorder/recorderCalls.ts';
import type { PictureCounts } from '../../../shared/recorder/recorderMessages.ts';
import { createComposedCheck } from './checkComposed.ts';
import type { Encoding } from './openEncoding.ts';
import type { Beginning, Pictures } from './videoRecording.ts';

/** What is asked of the composer in the recorded page. */
export interface ComposerOutlet {
  begin(continues: ContinuedTimeline | null): Promise<void>;
  end(atUs: number): Promise<void>;
}

/** Pictures that the recorded page composes and encodes. */
export interface ComposedPictures extends Pictures {
  take(message: ComposerMessage): void;
  counts(): readonly PictureCounts[];
  /** For how many seconds videos went into the picture as they were decoded. */
  decodedS(): number;
}

const NOTHING: ComposerStats = {
  ...{ slots: 0, encodings: [], blankForS: 0, silentForS: 0 },
  ...{ decodedS: 0, why: null },
};
/** The composer tells how it is twice a second. */
const SILENT_AFTER_MS = 1_500;
/** A composer that is full may be so much ahead of the clock, in slots: it takes a picture that comes early for its slot. */
const MOST_AHEAD_SLOTS = 2;
/** What is encoded by then is all that there is. */
const FINISHED_WITHIN_MS = 3_000;

/** The page is not ours to trust: what cannot be so is told to `onError`, and nothing more is taken from it. */
export function createComposedPictures(given: {
  composer: ComposerOutlet;
  options: RecorderOptions;
  /** Microseconds of the clock of captured pictures. */
  nowUs: () => number;
  onError: (error: unknown) => void;
  onFull: () => void;
}): ComposedPictures {
  const { composer, options, nowUs, onError, onFull } = given;
  const { framesPerSecond } = options.picture;
  const maxSlots = Math.max(1, Math.round(options.maxDurationS * framesPerSecond));
  let beginning: Beginning<Encoding> | null = null;
  let startUs: number | null = null;
  let stats = NOTHING;
  /** Up to where pictures have come; and where the recording ends, once that is known. Both are slots. */
  let slotsSeen = 0;
  let endSlot = Number.POSITIVE_INFINITY;
  let isFull = false;
  /** Pictures of each encoding that are left out, because the page made them before it heard of the end. */
  const leftOut = options.encodings.map(() => 0);
  let heardAtMs = performance.now();
  let isEnding = false;
  let hasFailed = false;
  const check = createComposedCheck({ framesPerSecond, encodings: options.encodings.length, nowUs });
  let finished: () => void = () => {};
  const isFinished = new Promise<void>((resolve) => {
    finished = resolve;
  });

  function take(message: ComposerMessage): void {
    heardAtMs = performance.now();
    switch (message.type) {
      case 'begun':
        if (startUs !== null || beginning === null) break;
        check.begun(message, beginning.continues);
        startUs = message.startUs;
        stats = { ...stats, slots: message.firstSlot };
        beginning.onBegun(message.startsBlank);
        break;
      case 'picture':
        if (startUs === null) break;
        check.picture(message);
        takePicture(message);
        break;
      case 'stats':
        check.stats(message.stats);
        stats = message.stats;
        break;
      case 'finished':
        check.stats(message.stats);
        if (!isEnding) throw new Error('the page that composes its pictures has ended by itself');
        stats = message.stats;
        finished();
        break;
      case 'full':
        isFull = true;
        onFull();
        break;
      case 'failed':
        onError(message.message);
    }
  }

  /** No later picture is left to depend on one that is left out. */
  function takePicture(message: Extract<ComposerMessage, { type: 'picture' }>): void {
    const { encoding, timestampUs } = message;
    const slot = Math.round((timestampUs / 1e6) * framesPerSecond);
    if (slot >= endSlot) {
      leftOut[encoding] = (leftOut[encoding] ?? 0) + 1;
      return;
    }
    slotsSeen = Math.max(slotsSeen, slot + 1);
    addPicture(beginning?.encodings[encoding], message);
  }

  function guarded(work: () => void): void {
    if (hasFailed) return;
    try {
      work();
    } catch (error) {
      hasFailed = true;
      onError(error);
    }
  }

  function durationS(): number {
    return Math.min(stats.slots, endSlot) / framesPerSecond;
  }

  return {
    get startUs() {
      return startUs;
    },
    counts: () =>
      stats.encodings.map((counts, encoding) => ({
        ...counts,
        frames: Math.max(0, counts.frames - (leftOut[encoding] ?? 0)),
      })),
    decodedS: () => Math.min(stats.decodedS, durationS()),
    durationS,
    health: () => {
      const unheardMs = performance.now() - heardAtMs;
      const { blankForS, silentForS } = stats;
      return { blankForS, silentForS: unheardMs > SILENT_AFTER_MS ? unheardMs / 1000 : silentForS };
    },
    begin: (begun) => {
      beginning = begun;
      composer.begin(begun.continues).catch(onError);
    },
    endAt: (instantUs) => {
      if (startUs === null) return 0;
      const elapsedSlots = Math.round(((instantUs - startUs) / 1e6) * framesPerSecond);
      const slots = isFull ? elapsedSlots + MOST_AHEAD_SLOTS : elapsedSlots;
      endSlot = Math.min(maxSlots, Math.max(stats.slots, slotsSeen, 1, slots));
      return endSlot / framesPerSecond;
    },
    finish: async (instantUs) => {
      if (startUs === null) return;
      isEnding = true;
      composer.end(instantUs).catch(finished); // the page is gone, and its composer with it
      await Promise.race([isFinished, new Promise((resolve) => setTimeout(resolve, FINISHED_WITHIN_MS))]);
      guarded(check.end);
    },
    take: (message) => guarded(() => take(message)),
  };
}

function addPicture(
  encoding: Encoding | undefined,
  { isKey, timestampUs, durationUs, data, config }: Extract<ComposerMessage, { type: 'picture' }>,
): void {
  const chunk = new EncodedVideoChunk({
    type: isKey ? 'key' : 'delta',
    timestamp: timestampUs,
    duration: durationUs,
    data: Uint8Array.fromBase64(data),
  });
  const metadata = config ? { decoderConfig: decoderConfigOf(config) } : undefined;
  encoding?.addPicture(chunk, metadata, timestampUs / 1e6, durationUs / 1e6);
}

function decoderConfigOf({ description, ...config }: ComposedConfig): VideoDecoderConfig {
  return description === null ? config : { ...config, description: Uint8Array.fromBase64(description) };
}
