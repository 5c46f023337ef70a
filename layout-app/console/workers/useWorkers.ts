import { useEffect, useState } from 'react';
import { useConsole } from '../consoleContext.ts';
import type { WorkerInfo } from '../recording.ts';

/** Workers tell how they are every few seconds. */
const EVERY_MS = 10_000;

/** The workers, anew every 10 s while the page is seen; null while they are not known, or not wanted. */
export function useWorkers(
  isWanted: boolean,
  onProblem?: (error: unknown) => void,
): readonly WorkerInfo[] | null {
  const { client, session } = useConsole();
  const [workers, setWorkers] = useState<readonly WorkerInfo[] | null>(null);
  const isAsked = isWanted && session.role !== 'user';
  // biome-ignore lint/correctness/useExhaustiveDependencies: who is told of a problem is no reason to ask again
  useEffect(() => {
    if (!isAsked) return;
    let isOver = false;
    const ask = () => {
      if (document.visibilityState === 'hidden') return;
      client.workers().then(
        (found) => !isOver && setWorkers(found),
        (error) => !isOver && onProblem?.(error),
      );
    };
    ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [client, isAsked]);
  return isAsked ? workers : null;
}
