import isEqual from 'fast-deep-equal';
import { useLayoutEffect, useRef, useState } from 'react';
import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import type { Call } from '../call/call.ts';
import { type Arrangement, NOTHING_SHOWN } from './arrangement.ts';
import { type ChosenLayout, chooseLayout } from './chooseLayout.ts';
import { direct, NO_MEMORY } from './direct.ts';
import type { ThemeBoxes } from './themeBoxes.ts';

/** The layout that holds now, and where it puts whom. */
export interface Direction {
  readonly layout: ChosenLayout;
  readonly arrangement: Arrangement;
  /** When it was decided, by the page's clock; null before the call is joined. */
  readonly decidedAtMs: number | null;
}

/** Somebody may take the stage by going on speaking, which is no change of the call: look again this often. */
const LOOK_AGAIN_MS = 200;

/** Follows a call: decides anew after each change, keeping what need not change. */
export function useDirection(
  call: Call,
  jobLayout: LayoutName,
  jobOptions: GivenOptions,
  picture: { width: number; height: number },
  boxes: ThemeBoxes,
): Direction {
  const memory = useRef(NO_MEMORY);
  const [direction, setDirection] = useState<Direction>(() => ({
    layout: chooseLayout(jobLayout, jobOptions, []),
    arrangement: NOTHING_SHOWN,
    decidedAtMs: null,
  }));
  // Before the browser paints, because a new measure of the theme's boxes must not be seen with the old places.
  useLayoutEffect(() => {
    const decide = (before: Direction | null): Direction => {
      const people = call.getSnapshot().participants;
      const layout = keepIfSame(before?.layout, chooseLayout(jobLayout, jobOptions, people));
      const elapsedMs = performance.now();
      const decided = direct(memory.current, {
        people,
        layout,
        picture,
        boxes,
        elapsedMs,
      });
      memory.current = decided.memory;
      const arrangement = keepIfSame(before?.arrangement, decided.arrangement);
      const isSame = before !== null && layout === before.layout && arrangement === before.arrangement;
      return isSame ? before : { layout, arrangement, decidedAtMs: elapsedMs };
    };
    let latest: Direction | null = null;
    const look = () => {
      if (call.getSnapshot().state.name !== 'joined') return;
      latest = decide(latest);
      setDirection(latest);
    };
    look();
    const timer = setInterval(look, LOOK_AGAIN_MS);
    const unsubscribe = call.subscribe(look);
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }, [call, jobLayout, jobOptions, picture, boxes]);
  return direction;
}

function keepIfSame<T>(before: T | undefined, now: T): T {
  return before !== undefined && isEqual(before, now) ? before : now;
}
