import { useEffect, useRef } from 'react';

/** Shows the wall clock and the clock of the page, updated in every frame. Both serve to measure delay and judder. */
export function Timestamp() {
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let request = 0;
    const write = (pageMs: number) => {
      if (text.current)
        text.current.textContent = `${new Date().toISOString()}  ${(pageMs / 1000).toFixed(3)} s`;
      request = requestAnimationFrame(write);
    };
    request = requestAnimationFrame(write);
    return () => cancelAnimationFrame(request);
  }, []);
  return <div ref={text} className="eca__timestamp eca__debug-timestamp" />;
}
