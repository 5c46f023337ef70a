import { useCallback, useEffect, useRef, useState } from 'react';
import { warn } from '../layoutPage.ts';
import { tileKey } from '../layouts/tileKey.ts';
import type { Direction } from '../layouts/useDirection.ts';
import { pictureProgress } from './pictureProgress.ts';

const LOOK_EVERY_MS = 50;

/**
 * Whether the page may be recorded: every tile of the current picture is painted, fonts are loaded, external CSS and
 * images are settled (`assets`), and two frames have passed since then. Once true, it stays true.
 */
export function useReady(direction: Direction, assets: Promise<unknown>) {
  const [isReady, setIsReady] = useState(false);
  const paintedKeys = useRef(new Set<string>()).current;
  const seenAtMs = useRef(new Map<string, number>()).current;
  const latest = useRef(direction);
  const joinedAtMs = useRef<number | null>(null);
  useEffect(() => {
    latest.current = direction;
    joinedAtMs.current ??= direction.decidedAtMs;
  }, [direction]);

  useEffect(() => {
    let isOver = false;
    const isPicturePainted = () => {
      if (joinedAtMs.current === null) return false;
      const tileKeys = latest.current.arrangement.tiles.map(tileKey);
      const nowMs = performance.now();
      for (const key of tileKeys) if (!seenAtMs.has(key)) seenAtMs.set(key, nowMs);
      const state = {
        nowMs,
        joinedAtMs: joinedAtMs.current,
        tileKeys,
        paintedKeys,
        seenAtMs,
      };
      const { isPainted, givenUp } = pictureProgress(state);
      if (isPainted && givenUp.length > 0)
        warn(`Recording started without a first picture of ${givenUp.join(', ')}`);
      return isPainted;
    };
    const wait = async () => {
      await Promise.all([assets, document.fonts.ready]);
      while (!isOver && !isPicturePainted()) await new Promise((next) => setTimeout(next, LOOK_EVERY_MS));
      await document.fonts.ready;
      await new Promise(requestAnimationFrame);
      await new Promise(requestAnimationFrame);
      if (!isOver) setIsReady(true);
    };
    void wait();
    return () => {
      isOver = true;
    };
  }, [assets, paintedKeys, seenAtMs]);

  const onPainted = useCallback((key: string) => void paintedKeys.add(key), [paintedKeys]);
  return { isReady, onPainted };
}
