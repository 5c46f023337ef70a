import { useEffect, useRef } from 'react';

/**
 * Shows the wall clock, the clock of the page and the two together, updated in every frame. They serve to measure delay
 * and judder. The text is that of the linked layout app.
 */
export function Timestamp() {
  const text = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let request = 0;
    const write = (pageMs: number) => {
      const epochMs = performance.timeOrigin + pageMs;
      const clocks = [
        new Date(epochMs).toISOString(),
        `mono ${pageMs.toFixed(3)}ms`,
        `epoch ${epochMs.toFixed(3)}ms`,
      ];
      if (text.current) text.current.textContent = clocks.join(' | ');
      request = requestAnimationFrame(write);
    };
    request = requestAnimationFrame(write);
    return () => cancelAnimationFrame(request);
  }, []);
  return <div ref={text} className="eca__timestamp eca__debug-timestamp" />;
}
