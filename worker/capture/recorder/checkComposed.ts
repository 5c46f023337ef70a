import type { ComposerMessage, ComposerStats } from '../../../shared/recorder/composerMessages.ts';
import type { ContinuedTimeline } from '../../../shared/recorder/recorderCalls.ts';

/** What the page tells of may be so much later than the recorder's clock, or begin so much earlier. In seconds. */
const LEEWAY_S = 30;
/** A recording that goes on keeps its start, but for half a slot; after a pause that is skipped it has another one. In seconds. */
const LONGEST_SHIFT_S = 1;

/** An encoder holds no more than about a second of pictures back, and the page tells of them in order. In seconds. */
const LONGEST_HELD_BACK_S = 3;

type MessageOf<T extends ComposerMessage['type']> = Extract<ComposerMessage, { readonly type: T }>;

/** Judges what a page tells of the pictures that it composes. Each throws an Error that says what cannot be. */
export interface ComposedCheck {
  begun(message: MessageOf<'begun'>, continues: ContinuedTimeline | null): void;
  picture(message: MessageOf<'picture'>): void;
  stats(stats: ComposerStats): void;
  /** No more pictures come. */
  end(): void;
}

/** `encodings` is how many there are, and `nowUs` the clock of captured pictures, in microseconds. */
export function createComposedCheck(given: {
  readonly framesPerSecond: number;
  readonly encodings: number;
  readonly nowUs: () => number;
}): ComposedCheck {
  const { framesPerSecond, encodings, nowUs } = given;
  let startUs: number | null = null;
  /** The time of the last picture of each encoding, in microseconds of the recording. */
  const lastUs = new Map<number, number>();

  /** Nothing lies further in the recording than there was time for. */
  function checkPlace(what: string, atS: number): void {
    const mostS = (nowUs() - (startUs ?? nowUs())) / 1e6 + LEEWAY_S;
    if (atS > mostS) refuse(`${what} at ${atS} s, where the recording has ${Math.round(mostS)} s at most`);
  }

  return {
    begun: (message, continues) => {
      const isKept = continues !== null && continues.afterPause !== 'skip';
      const writtenS = Math.max(0, ...(continues?.written ?? []).map(({ videoS }) => videoS));
      const offS = Math.abs(message.startUs - (isKept ? continues.startUs : nowUs() - writtenS * 1e6)) / 1e6;
      if (offS > (isKept ? LONGEST_SHIFT_S : LEEWAY_S)) refuse(`a start that is off by ${offS} s`);
      startUs = message.startUs;
      checkPlace('a first picture', message.firstSlot / framesPerSecond);
    },
    picture: ({ encoding, timestampUs }) => {
      if (encoding >= encodings) refuse(`a picture of encoding ${encoding}, where there are ${encodings}`);
      checkPlace('a picture', timestampUs / 1e6);
      const last = lastUs.get(encoding);
      if (last !== undefined && timestampUs <= last)
        refuse(`a picture at ${timestampUs} us behind one at ${last} us`);
      lastUs.set(encoding, timestampUs);
    },
    stats: ({ slots, encodings: counts }) => {
      checkPlace('an end', slots / framesPerSecond);
      counts.forEach(({ frames }, encoding) => {
        if (!lastUs.has(encoding) && frames > LONGEST_HELD_BACK_S * framesPerSecond)
          refuse(`${frames} pictures of encoding ${encoding}, of which none has come`);
      });
    },
    end: () => {
      if (lastUs.size < encodings)
        refuse(`pictures of ${lastUs.size} encodings, where there are ${encodings}`);
    },
  };
}

function refuse(problem: string): never {
  throw new Error(`the page that composes its pictures tells of ${problem}`);
}
