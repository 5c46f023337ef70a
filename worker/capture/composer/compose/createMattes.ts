import type { Level } from '../messages.ts';
import type { Kernel } from '../openKernel.ts';
import type { Box, Tile } from '../tile.ts';
import { type Planes, planesBytes } from './planes.ts';
import { copyPlanes } from './readVideo.ts';

/** The page with black videos and with white ones, and where the videos were. It tells all that is not video. */
export interface Matte {
  readonly black: Planes;
  readonly white: Planes;
  readonly tiles: readonly Tile[];
}

export interface Mattes {
  /** Looks at a picture of the page. Closes it. */
  take(frame: VideoFrame): Promise<void>;
  /** Looks for the matte anew if these are not the tiles that the last one was made with. */
  compareTiles(now: readonly Tile[]): void;
  /** Every video that is seen has given the browser a frame of this level to draw. */
  presented(level: Level): void;
  /** Forgets what is known of the page. All its videos are black now. */
  forget(): void;
  close(): void;
}

/** Captured pictures of an unchanged page are the same; this is only a guard. In luma and chroma steps. */
const TOLERANCE = 1;
/** A sample that became this much lighter shows a white video. */
const LIGHTER = 8;
/** Looked at in each direction of a tile. */
const PROBES = 16;
/** A picture that was drawn so long after the videos gave the browser a frame shows that frame: three draws at 30 Hz. */
const SHOWN_AFTER_US = 100_000;
/** If nothing of a video is seen, no picture comes at all. */
const QUIET_AFTER_MS = 1_000;
/** A busy machine takes its time to draw, but not this long. */
const STUCK_AFTER_MS = 5_000;

/**
 * Finds the matte of the page anew after each change. It takes three pictures: with black videos, with white ones, and with
 * black ones again. Only if the first and the last are the same and no video has moved, all three show the same page. While
 * it looks, the former matte goes on. `show` lets all videos be black or white and tells where they are. `onMatte` gets a
 * matte that is its own until the function returns.
 */
export function createMattes(given: {
  kernel: Kernel;
  width: number;
  height: number;
  /** Microseconds of the clock of captured pictures. */
  nowUs: () => number;
  show: (level: Level) => Promise<readonly Tile[]>;
  /** Something was drawn anew, although it looks the same. */
  onRedrawn: () => void;
  /** The videos were asked to be black or white, and are not. */
  onStuck: () => void;
  onMatte: (matte: Matte) => void;
}): Mattes {
  const { kernel, width, height, nowUs, show, onRedrawn, onStuck, onMatte } = given;
  const bytes = planesBytes(width, height);
  const allocate = (): Planes => ({ address: kernel.allocate(bytes), width, height });
  let [black, white, next] = [allocate(), allocate(), allocate()];
  let state: 'resting' | 'whitening' | 'blackening' = 'resting';
  let tiles: readonly Tile[] = [];
  /** Those in which the white video was seen. */
  let lit: readonly Tile[] = [];
  let hasMoved = false;
  /** Whether a picture has come since the videos were asked to be black or white. */
  let hasCome = false;
  let isKnown = false;
  let presentedUs = Number.POSITIVE_INFINITY;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last: Promise<void> = Promise.resolve();

  const differs = (a: Planes, b: Planes) => kernel.differs(a.address, b.address, bytes, TOLERANCE) !== 0;
  const lighter = (from: Planes, to: Planes) => tiles.filter((tile) => isLighter(kernel, tile, from, to));

  /** The last picture becomes the one with black videos. */
  async function beginWithLast(): Promise<void> {
    [black, next] = [next, black];
    await begin();
  }

  async function begin(): Promise<void> {
    isKnown = false;
    lit = [];
    wait('whitening');
    tiles = await show('white');
    if (tiles.length === 0) await turnBlack();
  }

  const areOther = (now: readonly Tile[]) => JSON.stringify(now) !== JSON.stringify(tiles);

  async function turnBlack(): Promise<void> {
    wait('blackening');
    const now = await show('black');
    hasMoved = areOther(now);
    if (tiles.length === 0 && !hasMoved) settle();
  }

  function settle(): void {
    rest();
    isKnown = true;
    onMatte({ black, white: lit.length > 0 ? white : black, tiles: lit });
  }

  function rest(): void {
    clearTimeout(timer);
    state = 'resting';
  }

  function wait(until: 'whitening' | 'blackening'): void {
    state = until;
    hasCome = false;
    presentedUs = Number.POSITIVE_INFINITY;
    clearTimeout(timer);
    timer = setTimeout(onStuck, STUCK_AFTER_MS);
  }

  /** No picture comes any more, so the last one shows all that will be seen. */
  async function onQuiet(): Promise<void> {
    if (state === 'whitening') await turnBlack();
    else if (state === 'blackening' && hasCome) await compare();
    else if (state === 'blackening' && !hasMoved) settle();
    else rest();
  }

  /** The videos are black again. The page must look as before, or else it has changed meanwhile. */
  async function compare(): Promise<void> {
    rest();
    if (!hasMoved && !differs(next, black)) settle();
    else await beginWithLast();
  }

  /** `drawnUs` is when the browser drew the picture. */
  async function look(drawnUs: number): Promise<void> {
    hasCome = true;
    const isShown = drawnUs >= presentedUs + SHOWN_AFTER_US;
    if (state === 'resting') {
      if (isKnown && !differs(next, black)) onRedrawn();
      else await beginWithLast();
    } else if (state === 'whitening') {
      const found = lighter(black, next);
      if (found.length > 0) {
        lit = found;
        [white, next] = [next, white];
      } else if (differs(next, black)) [black, next] = [next, black];
      if (isShown || (tiles.length > 0 && lit.length === tiles.length)) await turnBlack();
    } else if (isShown || isDarkAgain()) {
      await compare();
    }
  }

  function isDarkAgain(): boolean {
    return lit.length > 0 && lit.every((tile) => isLighter(kernel, tile, next, white, black));
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.then(work, work);
    return last;
  }

  return {
    take: (frame) =>
      inTurn(async () => {
        const drawnUs = frame.timestamp;
        try {
          if (frame.displayWidth !== width || frame.displayHeight !== height) return;
          await copyPlanes(kernel, frame, next);
        } finally {
          frame.close();
        }
        await look(drawnUs);
      }),
    compareTiles: (now) => {
      void inTurn(async () => {
        if (state === 'resting' && isKnown && areOther(now)) await begin();
      });
    },
    presented: (level) => {
      if (state !== (level === 'white' ? 'whitening' : 'blackening')) return;
      presentedUs = nowUs();
      clearTimeout(timer);
      timer = setTimeout(() => void inTurn(onQuiet), QUIET_AFTER_MS);
    },
    forget: () => {
      rest();
      isKnown = false;
    },
    close: () => clearTimeout(timer),
  };
}

/**
 * Whether a part of the tile is lighter in one picture than in the other. With `black`, all of it must be that was lighter
 * than there.
 */
function isLighter({ bytes }: Kernel, { clip }: Tile, from: Planes, to: Planes, black?: Planes): boolean {
  const isLit = (dark: Planes, at: number) =>
    Number(bytes[to.address + at]) - Number(bytes[dark.address + at]) > LIGHTER;
  const probes = probesIn(clip, from);
  if (black === undefined) return probes.some((at) => isLit(from, at));
  return probes.filter((at) => isLit(black, at)).every((at) => isLit(from, at));
}

/** Where samples of the luma plane are that lie in the box, on a grid. */
function probesIn({ left, top, width, height }: Box, picture: Planes): number[] {
  const places: number[] = [];
  for (let row = 0; row < PROBES; row++)
    for (let column = 0; column < PROBES; column++) {
      const x = Math.floor(left + ((column + 0.5) * width) / PROBES);
      const y = Math.floor(top + ((row + 0.5) * height) / PROBES);
      if (x >= 0 && y >= 0 && x < picture.width && y < picture.height) places.push(y * picture.width + x);
    }
  return places;
}
