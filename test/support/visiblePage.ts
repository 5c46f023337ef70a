import { vi } from 'vitest';

/** A page that somebody looks at, whose time the test lets pass. Returns what takes it away again. */
export function openVisiblePage(): () => void {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'visible' });
  return () => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  };
}
