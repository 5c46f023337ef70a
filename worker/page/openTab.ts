import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer';
import type { ReadySignal } from '../../shared/events/recordingEvents.ts';
import type { CompositorCalls, ContractSignal } from '../../shared/page/pageCalls.ts';
import { type PageMessage, parsePageMessage } from '../../shared/page/pageMessages.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { shortened } from '../../shared/wire/quoted.ts';
import type { Logger } from '../log.ts';
import { redactSecrets } from '../redactSecrets.ts';
import { consoleText, thrownText } from './consoleText.ts';

/** Signals kept for listeners that come later; a page that sends more before there is one is flooding. */
const MOST_KEPT = 1_000;
/** How much of an error is kept, in characters. */
const LONGEST_ERROR = 500;

/** What a page tells us, whichever contract it speaks; and what the tab tells us of the page. */
export type TabSignal =
  | {
      readonly type: 'ready';
      readonly signal: Exclude<ReadySignal, 'fallback'>;
    }
  | Exclude<PageMessage, { type: 'ready' }>
  /** An error that the page logged, or did not catch. */
  | { readonly type: 'error_told'; readonly message: string }
  /** The page asked for an address that is not allowed. */
  | { readonly type: 'address_refused'; readonly message: string }
  | { readonly type: 'crashed' };

export interface Tab {
  readonly page: Page;
  /** By this address the recorder finds the tab; the tab shows it until the layout is loaded. */
  readonly blankUrl: string;
  /** Calls the listener for everything since the tab was opened, and from now on. */
  listen(listener: (signal: TabSignal) => void): void;
}

/** Opens the tab to be recorded, empty, at exactly the recording's size, with the page's half of each contract in it. */
export async function openTab(browser: Browser, request: RecordingRequest, log: Logger): Promise<Tab> {
  const blankUrl = `about:blank#${randomUUID()}`;
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  const signals: TabSignal[] = [];
  const listeners: ((signal: TabSignal) => void)[] = [];
  const send = (signal: TabSignal) => {
    if (signals.length < MOST_KEPT) signals.push(signal);
    for (const listener of listeners) listener(signal);
  };
  page.on('error', () => send({ type: 'crashed' }));
  const tellError = (message: string) =>
    send({ type: 'error_told', message: shortened(message, LONGEST_ERROR) });
  page.on('console', (message) => {
    const logged = message.args().map((argument) => argument.remoteObject());
    for (const signal of consoleSignals(logged.map(({ value }) => value))) send(signal);
    // Without arguments it is a word of the browser's own, of a missing icon for example.
    const text = redactSecrets(logged.length > 0 ? consoleText(logged) : message.text(), request);
    if (logged.length > 0 && ['error', 'assert'].includes(message.type())) tellError(text);
    const isComplaint = ['error', 'warn', 'assert'].includes(message.type());
    log[isComplaint ? 'warn' : 'debug']({ page: text }, 'page console');
  });
  page.on('dialog', (dialog) => dialog.dismiss()); // nobody would ever click it away, and it blocks the page
  page.on('pageerror', (error) => {
    const text = redactSecrets(thrownText(error), request);
    log.warn({ page: text }, 'page error');
    if (text !== '') tellError(`Uncaught ${text}`);
  });
  const takeSignal: CompositorCalls['__compositorSend'] = async (given) => {
    const signal = bindingSignal(given);
    if (signal) send(signal);
  };
  await page.exposeFunction('__compositorSend' satisfies keyof CompositorCalls, takeSignal);
  await page.evaluateOnNewDocument(await readFile(PRELOAD, 'utf8'));
  const { widthPx: width, heightPx: height } = request.picture;
  await page.setViewport({ width, height });
  await page.goto(blankUrl);
  return {
    page,
    blankUrl,
    listen: (listener) => {
      for (const signal of signals) listener(signal);
      listeners.push(listener);
    },
  };
}

/** The page's half of the contracts, as built from worker/page/preload. */
const PRELOAD = fileURLToPath(new URL('../../preload/preload.js', import.meta.url));

/** The template contract: any single argument that is, or is the JSON text of, START_RECORDING or END_RECORDING. */
export function consoleSignals(values: readonly unknown[]): TabSignal[] {
  return values.flatMap((value): TabSignal[] => {
    if (typeof value !== 'string') return [];
    const text = value.replace(/^"(.*)"$/, '$1');
    if (text === 'START_RECORDING') return [{ type: 'ready', signal: 'console' }];
    return text === 'END_RECORDING' ? [{ type: 'call_ended' }] : [];
  });
}

/** What came over the binding of preload.ts, or null where it is no message we know: it may be anything. */
export function bindingSignal(given: unknown): TabSignal | null {
  const { signal } = (given ?? {}) as Partial<ContractSignal>;
  if (signal === 'navigator' || signal === 'marker') return { type: 'ready', signal };
  const message = parsePageMessage(given);
  return message?.type === 'ready' ? { type: 'ready', signal: 'message' } : message;
}
