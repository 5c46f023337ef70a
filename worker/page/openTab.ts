import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, CDPSession, Target } from 'puppeteer';
import { type ConsoleLine, GATE_WORLD, LONGEST_TOLD } from '../../shared/page/pageCalls.ts';
import type { PageProbe } from '../../shared/page/pageProbe.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { shortened } from '../../shared/wire/quoted.ts';
import type { Logger } from '../log.ts';
import { redactSecrets } from '../redactSecrets.ts';
import { limitedAddresses } from './externalUrls.ts';
import { type LimitedAddress, limitAnswers } from './limitAnswers.ts';
import { loadAddress } from './loadAddress.ts';
import { type Composer, openComposer } from './openComposer.ts';
import { openGate } from './openGate.ts';
import type { TabSignal } from './tabSignals.ts';

export type { TabSignal };

/** Signals kept for listeners that come later; a page that sends more before there is one is flooding. */
const MOST_KEPT = 1_000;
const FIRST_LOAD_MS = 10_000;

export interface Tab {
  /** By this address the recorder finds the tab; the tab shows it until the layout is loaded. */
  readonly blankUrl: string;
  /** For questions that this interface has no words for. */
  readonly target: Pick<Target, 'createCDPSession' | 'url'>;
  /** Calls the listener for everything since the tab was opened, and from now on. */
  listen(listener: (signal: TabSignal) => void): void;
  /** Calls the listener for each document that has loaded from now on, with its origin. */
  onLoad(listener: (origin: string) => void): void;
  /** Opens an address, and resolves once the document has loaded that the tab ends up with. */
  load(address: string, timeoutMs: number): Promise<void>;
  /** Asks the page how it is. No answer means that it is frozen; rejects where it is between two documents. */
  probe(): Promise<PageProbe>;
  /** Limits the size of what the page loads from these addresses, too. */
  alsoLimit(addresses: readonly LimitedAddress[]): Promise<void>;
  /** Null where the page is captured as the browser draws it. */
  readonly composer: Composer | null;
  /** Runs a script among those of the page, and resolves when what it returns has settled. */
  run(script: string): Promise<void>;
}

/**
 * Opens the tab to be recorded, empty, at exactly the recording's size, with the page's half of each contract in it. The
 * session is our own and not Puppeteer's, which would mirror every word on the page's console to this process, however
 * long and however many there are.
 */
export async function openTab(browser: Browser, request: RecordingRequest, log: Logger): Promise<Tab> {
  const target = await browser.waitForTarget(isForPage);
  const session = await target.createCDPSession();
  const { send, listen } = createSignals();
  session.on('Inspector.targetCrashed', () => send({ type: 'crashed' }));
  // Nobody would ever click it away, and it blocks the page. The preload silences all but those of the browser's own.
  session.on('Page.javascriptDialogOpening', () => {
    session.send('Page.handleJavaScriptDialog', { accept: false }).catch(() => {}); // it is gone, or the tab is
  });
  let shownUrl = 'about:blank';
  session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.parentId !== undefined) return;
    if (siteOf(frame.url) !== siteOf(shownUrl)) send({ type: 'shows', site: siteOf(frame.url) });
    shownUrl = frame.url;
  });
  const gate = openGate(session, (signal) => {
    if (signal.type === 'console') noteLine(signal, request, log, send);
    else send(signal);
  });
  await Promise.all([session.send('Page.enable'), session.send('Inspector.enable')]);
  await addPreload(session);
  const composer = composes(request) ? await openComposer(session) : null;
  await setSize(session, request);
  const alsoLimit = limitAnswers(session, (warning) => send({ type: 'warning', ...warning }));
  await alsoLimit(limitedAddresses(request));
  const blankUrl = `about:blank#${randomUUID()}`;
  await loadAddress(session, blankUrl, FIRST_LOAD_MS);
  return {
    blankUrl,
    target,
    listen,
    onLoad: (listener) => void session.on('Page.loadEventFired', () => listener(new URL(shownUrl).origin)),
    load: (address, timeoutMs) => loadAddress(session, address, timeoutMs),
    alsoLimit,
    composer,
    probe: () => gate.call<PageProbe>('probe'),
    run: async (script) => {
      await session.send('Runtime.evaluate', { expression: script, awaitPromise: true });
    },
  };
}

function composes({ audioOnly, videos }: RecordingRequest): boolean {
  return videos === 'decoded' && !audioOnly;
}

function siteOf(address: string): string {
  const { origin, protocol } = new URL(address);
  return origin === 'null' ? protocol : origin;
}

/** The first page of a browser, and not the one of the recorder. */
function isForPage(target: Target): boolean {
  return target.type() === 'page' && !target.url().startsWith('chrome-extension:');
}

function createSignals() {
  const signals: TabSignal[] = [];
  const listeners: ((signal: TabSignal) => void)[] = [];
  return {
    send: (signal: TabSignal) => {
      if (signals.length < MOST_KEPT) signals.push(signal);
      for (const listener of listeners) listener(signal);
    },
    listen: (listener: (signal: TabSignal) => void) => {
      for (const signal of signals) listener(signal);
      listeners.push(listener);
    },
  };
}

function noteLine(
  { level, text }: ConsoleLine,
  request: RecordingRequest,
  log: Logger,
  send: (signal: TabSignal) => void,
): void {
  const shown = shortened(redactSecrets(text, request), LONGEST_TOLD);
  if (level === 'error' && shown !== '') send({ type: 'error_told', message: shown });
  log[level === 'debug' ? 'debug' : 'warn']({ page: shown }, 'page console');
}

/** The page's half of the contracts and the gate, as built from worker/page/preload. */
async function addPreload(session: CDPSession): Promise<void> {
  const read = (name: string) =>
    readFile(fileURLToPath(new URL(`../../preload/${name}`, import.meta.url)), 'utf8');
  const [preload, gate] = await Promise.all([read('preload.js'), read('gate.js')]);
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: gate, worldName: GATE_WORLD });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source: preload });
}

async function setSize(session: CDPSession, { picture }: RecordingRequest): Promise<void> {
  const size = { width: picture.widthPx, height: picture.heightPx };
  await session.send('Emulation.setDeviceMetricsOverride', { ...size, deviceScaleFactor: 1, mobile: false });
}
