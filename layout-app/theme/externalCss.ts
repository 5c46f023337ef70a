import { createSnapshotStore } from '../snapshotStore.ts';

const LONGEST_MS = 5_000;

/** Counts how often a stylesheet was added or removed, or began to apply where it did not before. */
export const externalCssVersion = createSnapshotStore(0);

/** A stylesheet of a theme. None of it applies before `apply`. */
export interface ExternalCss {
  readonly address: string;
  /** Resolves to null when it is loaded, or to a sentence that says why it is not. */
  readonly settled: Promise<string | null>;
  /** Lets it apply instead of the one before, from one moment to the next, also if it is not loaded. */
  apply(): void;
}

let newest: ExternalCss | null = null;
let applied: HTMLLinkElement | null = null;

/**
 * Loads a stylesheet at the end of the head; an empty address stands for none. It is in no cascade layer, so it wins over
 * ours.
 */
export function loadExternalCss(address: string): ExternalCss {
  if (newest?.address === address) return newest;
  const link = address === '' ? null : document.createElement('link');
  newest = {
    address,
    settled: link ? load(link, address) : Promise.resolve(null),
    apply: () => {
      if (applied === link) return;
      if (link) link.media = 'all';
      applied?.remove();
      applied = link;
      themeChanged();
    },
  };
  return newest;
}

/** Tells whoever looked at computed styles to look again. */
export function themeChanged(): void {
  externalCssVersion.set(externalCssVersion.getSnapshot() + 1);
}

function load(link: HTMLLinkElement, address: string): Promise<string | null> {
  link.rel = 'stylesheet';
  link.media = 'not all'; // it is loaded all the same
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
