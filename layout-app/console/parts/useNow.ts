import { useEffect, useState } from 'react';

/** The time, in Unix ms, anew every second while the page is seen. */
export function useNow(isRunning = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') setNow(Date.now());
    }, 1_000);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
