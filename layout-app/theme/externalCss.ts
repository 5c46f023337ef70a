import { createSnapshotStore } from '../snapshotStore.ts';

const LONGEST_MS = 5_000;

/** Counts how often a stylesheet was added or removed, or began to apply where it did not before. */
export const externalCssVersion = createSnapshotStore(0);

let applied: {
  readonly address: string;
  readonly settled: Promise<string | null>;
  link: HTMLLinkElement;
} | null = null;

/**
 * Puts a stylesheet at the end of the head and removes the one before it. It is in no cascade layer, so it wins over
 * ours. Resolves to null when it is loaded, or to a sentence that says why it does not apply.
 */
export function loadExternalCss(address: string): Promise<string | null> {
  if (applied?.address === address) return applied.settled;
  const before = applied?.link;
  applied = null;
  if (address === '') {
    before?.remove();
    themeChanged();
    return Promise.resolve(null);
  }
  const link = document.createElement('link');
  const settled = load(link, address);
  // The old stylesheet stays until the new one is loaded or has failed.
  settled.then(() => {
    before?.remove();
    themeChanged();
  });
  applied = { address, settled, link };
  return settled;
}

/** Tells whoever looked at computed styles to look again. */
export function themeChanged(): void {
  externalCssVersion.set(externalCssVersion.getSnapshot() + 1);
}

function load(link: HTMLLinkElement, address: string): Promise<string | null> {
  link.rel = 'stylesheet';
  link.href = address;
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve(`External CSS ${address} did not load within ${LONGEST_MS} ms; recording goes on without it`);
    }, LONGEST_MS);
    const settle = (problem: string | null) => {
      clearTimeout(timer);
      resolve(problem);
    };
    link.onload = () => settle(null);
    link.onerror = () => settle(`External CSS ${address} could not be loaded; recording goes on without it`);
    document.head.append(link);
  });
}
