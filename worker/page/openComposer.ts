import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CDPSession } from 'puppeteer';
import { createAllowance } from '../../shared/page/createAllowance.ts';
import type { ComposerOptions } from '../../shared/recorder/composerCalls.ts';
import type { ComposerMessage } from '../../shared/recorder/composerMessages.ts';
import type { ContinuedTimeline } from '../../shared/recorder/recorderCalls.ts';
import { readComposed } from './readComposed.ts';

/** The composer in a recorded page, which puts its videos into the picture as they were decoded. */
export interface Composer {
  /** Calls the listener each time a document first says that it composes. */
  onAsked(listener: () => void): void;
  /** Whether the page has handed over a video, or said that it will. */
  isAsked(): Promise<boolean>;
  /** Gets ready to compose. `hear` is called with what it tells, in order. */
  open(options: ComposerOptions, hear: (messages: readonly ComposerMessage[]) => void): Promise<void>;
  /** Lets all videos play themselves, because the page is captured as the browser draws it. */
  giveUp(): Promise<void>;
  begin(continues: ContinuedTimeline | null): Promise<void>;
  /** Ends at an instant of the clock of captured pictures, in microseconds. */
  end(atUs: number): Promise<void>;
  /** The last picture that was composed as a JPEG in base64, as the page tells it; null where there is none. */
  picture(): Promise<string | null>;
}

const BINDING = 'compositorComposed';
const COMPOSER = 'window.callCompositor.composer';
/** What a document tells before its composer is open. */
const ASKED = 'asked';

/**
 * The composer calls some ten times a second, with some megabytes. A page that calls more often or tells more is not
 * composing; it would only keep this process from the other recordings. In calls, and in characters.
 */
const CALLS_PER_S = 50;
const CALLS_AT_ONCE = 200;
const CHARACTERS_PER_S = 32_000_000;
const CHARACTERS_AT_ONCE = 128_000_000;

/** Puts the composer into every document that the tab shows from now on. */
export async function openComposer(session: CDPSession): Promise<Composer> {
  const source = await readFile(
    fileURLToPath(new URL('../../composer/composer.js', import.meta.url)),
    'utf8',
  );
  const nowMs = () => performance.now();
  const calls = createAllowance(CALLS_AT_ONCE, CALLS_PER_S, nowMs);
  const characters = createAllowance(CHARACTERS_AT_ONCE, CHARACTERS_PER_S, nowMs);
  let hear: ((messages: readonly ComposerMessage[]) => void) | null = null;
  let asked: () => void = () => {};
  let hasAsked = false;
  session.on('Runtime.bindingCalled', ({ name, payload }) => {
    if (name !== BINDING) return;
    if (payload === ASKED && calls.take()) return tellAsked();
    if (hear === null) return;
    const messages = calls.take() && characters.take(payload.length) ? readComposed(payload) : null;
    if (messages === null) return refuse();
    if (messages.length > 0) hear(messages);
  });

  /** Once for each document. */
  function tellAsked(): void {
    if (!hasAsked) asked();
    hasAsked = true;
  }

  /** Pictures that are left out would break those behind them, so nothing more is heard. */
  function refuse(): void {
    hear?.([
      { type: 'failed', message: 'the page that composed its pictures tells what its composer does not' },
    ]);
    hear = null;
    session.send('Runtime.removeBinding', { name: BINDING }).catch(() => {}); // the tab is gone
  }

  session.on('Page.frameNavigated', ({ frame }) => {
    if (frame.parentId !== undefined) return;
    hear?.([{ type: 'failed', message: 'the page that composed its pictures has gone to another document' }]);
    hear = null;
    hasAsked = false;
    void followDocument();
  });
  await session.send('Page.addScriptToEvaluateOnNewDocument', { source });

  /** The document may have asked before it can tell, and a document of another process has no bindings at first. */
  async function followDocument(): Promise<void> {
    await session.send('Runtime.addBinding', { name: BINDING }).catch(() => {}); // the next document has come meanwhile
    if (await isAsked()) tellAsked();
  }

  /** A tab that has crashed answers nothing any more. */
  const crashed = new Promise<never>((_, reject) => {
    session.once('Inspector.targetCrashed', () => reject(new Error('the tab has crashed')));
  });
  crashed.catch(() => {});

  async function call(method: string, ...given: unknown[]): Promise<unknown> {
    const expression = `${COMPOSER}.${method}(${given.map((one) => JSON.stringify(one)).join(', ')})`;
    const answer = session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    const { result, exceptionDetails } = await Promise.race([answer, crashed]);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** A page may have put something else in this place. */
  async function isAsked(): Promise<boolean> {
    return (await call('isAsked').catch(() => false)) === true;
  }

  return {
    onAsked: (listener) => {
      asked = listener;
    },
    isAsked,
    open: async (options, listener) => {
      hear = listener;
      await call('open', options);
    },
    giveUp: async () => void (await call('giveUp')),
    begin: async (continues) => void (await call('begin', continues)),
    end: async (atUs) => void (await call('end', atUs)),
    picture: async () => {
      const told = await call('picture');
      return typeof told === 'string' ? told : null;
    },
  };
}
