import type { PictureFormat } from '../../../../shared/recorder/recorderCalls.ts';
import type { FromThread, Level, Shown, ToThread } from '../messages.ts';
import type { Kernel } from '../openKernel.ts';
import { createMattes } from './createMattes.ts';
import { createPicture } from './createPicture.ts';
import type { Video } from './readVideo.ts';

/** A page in which so many mattes were looked for in this time keeps changing; the browser then draws the videos better. */
const RESTLESS_MATTES = 20;
const RESTLESS_WITHIN_MS = 4_000;
/** For how long the browser draws a page of which no matte could be found, the first time; each time twice as long as before. */
const DRAWN_FOR_MS = 10_000;
const DRAWN_FOR_MOST_MS = 160_000;
/** While the browser draws, the page is asked so often whether it still has to; and so many times in a row it must not. */
const LOOK_EVERY_MS = 1_000;
const CALM_LOOKS = 3;
/**
 * A filter on a black video changes nothing that is seen, nor does a video that comes, moves or goes where the page is black. But
 * the page is drawn anew, and then it is asked, so often at most.
 */
const LOOK_AGAIN_AFTER_MS = 250;
/** While nothing changes, the last picture comes again after this time, as those of a captured tab do (see openStream). */
const SHOWN_AGAIN_AFTER_MS = 200;
/** A recording that was told to begin waits so long for its first matte, and then begins with what the browser draws. */
const BEGUN_WITHIN_MS = 1_500;
/** Pictures that may still show stand-ins after every video plays itself. */
const STALE_PICTURES = 2;

/** What the page answers. */
export type Answer = Extract<ToThread, { type: 'shown' | 'presented' | 'drawn' | 'looked' }>;

/** Makes the pictures of a recording from videos and from captured pictures of their page. */
export interface PictureComposer {
  /** Takes a captured picture of the page. */
  capture(frame: VideoFrame): Promise<void>;
  answer(answer: Answer): void;
  /** Why the browser draws the videos itself; null where they go into the picture as they were decoded. */
  why(): string | null;
  /** For how many seconds videos went into the picture as they were decoded. */
  decodedS(): number;
  /** The recording waits for its first picture. */
  begin(): void;
  /** Counts the seconds anew, because the first picture is in. */
  countAnew(): void;
  stop(): void;
}

/**
 * Composes a picture for each slot, unless the browser has to draw the videos itself: then every captured picture is
 * one of the recording, as long as that lasts. `emit` gets pictures with times of `nowUs`, which are its own to close.
 */
export function composePictures(given: {
  kernel: Kernel;
  picture: PictureFormat;
  videos: ReadonlyMap<number, Video>;
  nowUs: () => number;
  ask: (message: Extract<FromThread, { type: 'show' | 'draw' | 'look' | 'stand_in' }>) => void;
  emit: (frame: VideoFrame) => void;
  onError: (error: unknown) => void;
}): PictureComposer {
  const { kernel, videos, nowUs, ask, onError } = given;
  const { widthPx: width, heightPx: height, framesPerSecond } = given.picture;
  const picture = createPicture(kernel, width, height);
  const slotMs = 1000 / framesPerSecond;
  let mode: 'decoded' | 'leaving' | 'drawn' | 'entering' = 'entering';
  let why: string | null = null;
  let onShown: ((shown: Shown) => void) | null = null;
  let staleLeft = Number.POSITIVE_INFINITY;
  let decodedMs = 0;
  let decodedSinceMs: number | null = null;
  let lookedForAtMs: number[] = [];
  let drawnForMs = DRAWN_FOR_MS;
  let notBeforeMs = 0;
  let calmLooks = 0;
  let lookedAtMs = 0;
  let looking: ReturnType<typeof setInterval> | undefined;
  let lookingSoon: ReturnType<typeof setTimeout> | undefined;
  let last: VideoFrame | null = null;
  let emittedAtMs = 0;

  function emit(frame: VideoFrame): void {
    last?.close();
    last = frame.clone();
    emittedAtMs = performance.now();
    given.emit(frame);
  }

  const mattes = createMattes({
    kernel,
    width,
    height,
    nowUs,
    show: async (level) => {
      if (level === 'white') noteRestlessness();
      const shown = await show(level);
      if (shown.why !== null) leave(shown.why);
      return shown.tiles;
    },
    onRedrawn: () => lookSoon(),
    onStuck: () => leaveForLong('the browser does not draw the videos'),
    onMatte: (matte) => {
      picture.use(matte);
      if (mode === 'entering') mode = 'decoded';
      lookSoon(); // what has changed on the way may not be seen
    },
  });

  function show(level: Level): Promise<Shown> {
    return new Promise((resolve) => {
      onShown = resolve;
      ask({ type: 'show', level });
    });
  }

  function lookSoon(): void {
    const sinceMs = performance.now() - lookedAtMs;
    lookingSoon ??= setTimeout(() => {
      lookingSoon = undefined;
      lookedAtMs = performance.now();
      ask({ type: 'look' });
    }, LOOK_AGAIN_AFTER_MS - sinceMs);
  }

  function noteRestlessness(): void {
    const now = performance.now();
    lookedForAtMs = [...lookedForAtMs.filter((at) => now - at < RESTLESS_WITHIN_MS), now];
    if (lookedForAtMs.length < RESTLESS_MATTES) return;
    lookedForAtMs = [];
    leaveForLong('the page keeps changing');
  }

  function leaveForLong(reason: string): void {
    notBeforeMs = performance.now() + drawnForMs;
    drawnForMs = Math.min(2 * drawnForMs, DRAWN_FOR_MOST_MS);
    leave(reason);
  }

  /** Until the browser has drawn the videos, the pictures go on as before. */
  function leave(reason: string): void {
    if (mode === 'leaving' || mode === 'drawn') return;
    mode = 'leaving';
    why = reason;
    staleLeft = Number.POSITIVE_INFINITY;
    calmLooks = 0;
    looking ??= setInterval(() => ask({ type: 'look' }), LOOK_EVERY_MS);
    ask({ type: 'draw' });
  }

  function draw(): void {
    mode = 'drawn';
    if (decodedSinceMs !== null) decodedMs += performance.now() - decodedSinceMs;
    decodedSinceMs = null;
  }

  /** Until the first matte is known, the last picture stays. */
  function enter(): void {
    clearInterval(looking);
    looking = undefined;
    mode = 'entering';
    why = null;
    mattes.forget();
    ask({ type: 'stand_in' });
  }

  let slot = 0;
  const startMs = performance.now();
  async function tick(): Promise<void> {
    const composes = mode === 'decoded' || mode === 'leaving';
    const frame = composes ? await picture.make(videos, Math.round(nowUs())) : null;
    if (frame) {
      decodedSinceMs ??= performance.now();
      emit(frame);
    } else if (last && performance.now() - emittedAtMs >= SHOWN_AGAIN_AFTER_MS) {
      emit(new VideoFrame(last, { timestamp: Math.round(nowUs()) }));
    }
    slot = Math.max(slot + 1, Math.ceil((performance.now() - startMs) / slotMs));
    timer = setTimeout(() => void tick().catch(onError), startMs + slot * slotMs - performance.now());
  }
  let timer = setTimeout(() => void tick().catch(onError), 0);
  let beginning: ReturnType<typeof setTimeout> | undefined;

  return {
    begin: () => {
      beginning = setTimeout(() => {
        if (mode === 'entering') leaveForLong('the page was not still enough to begin with');
      }, BEGUN_WITHIN_MS);
    },
    why: () => why,
    decodedS: () => (decodedMs + (decodedSinceMs === null ? 0 : performance.now() - decodedSinceMs)) / 1000,
    countAnew: () => {
      decodedMs = 0;
      if (decodedSinceMs !== null) decodedSinceMs = performance.now();
    },
    capture: async (frame) => {
      if (mode === 'decoded' || mode === 'entering') return mattes.take(frame);
      if (mode === 'leaving' && staleLeft-- <= 0) draw();
      if (mode === 'drawn') emit(frame);
      else frame.close();
    },
    answer: (answer) => {
      if (answer.type === 'shown') onShown?.(answer);
      else if (answer.type === 'presented') mattes.presented(answer.level);
      else if (answer.type === 'drawn') staleLeft = STALE_PICTURES;
      else if (mode === 'decoded') {
        if (answer.why !== null) leave(answer.why);
        else mattes.compareTiles(answer.tiles);
      } else {
        calmLooks = answer.why === null && performance.now() >= notBeforeMs ? calmLooks + 1 : 0;
        why = answer.why ?? why;
        if (mode === 'drawn' && calmLooks >= CALM_LOOKS) enter();
      }
    },
    stop: () => {
      clearTimeout(timer);
      clearTimeout(beginning);
      clearInterval(looking);
      clearTimeout(lookingSoon);
      mattes.close();
      last?.close();
      last = null;
    },
  };
}
