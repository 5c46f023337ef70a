import type { Browser, Page } from 'puppeteer';
import { type Cleanup, createCleanup } from '../cleanup.ts';
import type { EgressGuard } from '../egress/openEgressGuard.ts';
import type { Logger } from '../log.ts';
import { RecordingError } from '../recordingError.ts';
import { type BrowserSettings, launchBrowser } from './launchBrowser.ts';

/** A browser that nobody has used yet, with its first page open, and the only way out of it. */
export interface ReadyBrowser {
  readonly browser: Browser;
  readonly firstPage: Page;
  readonly guard: EgressGuard;
}

/**
 * Keeps browsers ready, so that a recording need not wait until one has started. Each browser serves one
 * recording.
 */
export interface BrowserPool {
  /** Takes a warm browser, or starts one now. The cleanup ends it. Throws browser_missing or browser_failed. */
  take(cleanup: Cleanup): Promise<ReadyBrowser>;
  /**
   * Starts the browsers that are missing. The worker decides when, so that this does not slow the start of a
   * recording.
   */
  refill(): void;
  /** Ends every browser that was not taken. */
  close(): Promise<void>;
}

interface Starting {
  readonly ready: Promise<ReadyBrowser>;
  readonly cleanup: Cleanup;
}

export function createBrowserPool(given: {
  readonly size: number;
  readonly settings: Omit<BrowserSettings, 'proxyUrl'>;
  readonly openGuard: () => Promise<EgressGuard>;
  /** Opens the page that every recording needs while the browser still waits for a recording. */
  readonly openFirstPage: (browser: Browser) => Promise<Page>;
  readonly log: Logger;
}): BrowserPool {
  const { size, log } = given;
  const warm = new Set<Starting>();
  let isClosed = false;

  function start(): Starting {
    const cleanup = createCleanup(log);
    return { cleanup, ready: prepare(given, cleanup) };
  }

  function keepWarm(): void {
    const starting = start();
    warm.add(starting);
    starting.ready.then(
      ({ browser }) => browser.once('disconnected', () => drop(starting, 'has ended')),
      (error) => drop(starting, String(error)),
    );
  }

  /**
   * A dead browser is replaced at the next refill and not at once: otherwise a browser that cannot start
   * would be tried forever.
   */
  function drop(starting: Starting, reason: string): void {
    if (!warm.delete(starting)) return;
    log.warn({ reason }, 'a warm browser was lost; another one is started later');
    void starting.cleanup.run();
  }

  return {
    take: async (cleanup) => {
      const [kept] = warm;
      if (kept) {
        warm.delete(kept);
        cleanup.defer('end the browser', () => kept.cleanup.run());
        const ready = await kept.ready.catch(() => null);
        if (ready?.browser.connected) return ready;
      }
      const fresh = start();
      cleanup.defer('end the browser', () => fresh.cleanup.run());
      return fresh.ready;
    },
    refill: () => {
      while (!isClosed && warm.size < size) keepWarm();
    },
    close: async () => {
      isClosed = true;
      const left = [...warm];
      warm.clear();
      await Promise.all(left.map(({ cleanup }) => cleanup.run()));
    },
  };
}

async function prepare(
  { settings, openGuard, openFirstPage }: Parameters<typeof createBrowserPool>[0],
  cleanup: Cleanup,
): Promise<ReadyBrowser> {
  const guard = await openGuard();
  cleanup.defer('close the way out of the browser', guard.close);
  const browser = await launchBrowser({ ...settings, proxyUrl: guard.url }, cleanup);
  // Puppeteer does not reject calls to a page whose browser has ended.
  const gone = new Promise<never>((_, reject) =>
    browser.once('disconnected', () => reject(new RecordingError('browser_failed', 'The browser ended'))),
  );
  gone.catch(() => {});
  return { browser, guard, firstPage: await Promise.race([openFirstPage(browser), gone]) };
}
