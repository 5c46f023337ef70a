import type { CDPSession, Protocol } from 'puppeteer';
import { createAllowance } from '../../shared/page/createAllowance.ts';
import { type ConsoleLine, GATE_WORLD, type PageCalls } from '../../shared/page/pageCalls.ts';
import { gateSignal, type TabSignal } from './tabSignals.ts';

/** The gate sends a tenth of this. One that sends more is not ours any more. */
const SIGNALS_PER_S = 100;
const SIGNALS_AT_ONCE = 1_000;

/** The world in a recorded page that only the worker reaches. */
export interface Gate {
  /** Calls a function of the gate in the document that the tab shows. Rejects where that has gone, or has no gate. */
  call<Answer>(name: keyof PageCalls): Promise<Answer>;
}

/**
 * Connects to the gate of every document that the tab shows, and hands on what comes out of it. The function that the
 * gate sends with exists in no other world, and what is not called from there is not heard.
 */
export function openGate(session: CDPSession, hear: (signal: TabSignal | ConsoleLine) => void): Gate {
  const allowance = createAllowance(SIGNALS_AT_ONCE, SIGNALS_PER_S, () => performance.now());
  let documents = 0;
  let current: { readonly contextId: number; readonly binding: string } | null = null;
  let connecting: Promise<void> = Promise.resolve();

  session.on('Page.frameNavigated', ({ frame }: Protocol.Page.FrameNavigatedEvent) => {
    if (frame.parentId !== undefined) return;
    connecting = connect(frame.id).catch(() => {}); // the next document has come meanwhile
  });
  session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
    if (name !== current?.binding || executionContextId !== current.contextId || !allowance.take()) return;
    const signal = gateSignal(payload);
    if (signal !== null) hear(signal);
  });

  async function connect(frameId: string): Promise<void> {
    documents += 1;
    // A name is given once in the life of a session. The former one is taken back, so that none but this one is heard.
    const binding = `compositorSend${documents}`;
    if (current) session.send('Runtime.removeBinding', { name: current.binding }).catch(() => {});
    current = null;
    const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
      frameId,
      worldName: GATE_WORLD,
    });
    await session.send('Runtime.addBinding', { name: binding, executionContextId: contextId });
    if (binding !== `compositorSend${documents}`) return;
    current = { contextId, binding };
    await callIn(contextId, 'connect', binding);
  }

  async function callIn(contextId: number, name: keyof PageCalls, given?: string): Promise<unknown> {
    const { result, exceptionDetails } = await session.send('Runtime.callFunctionOn', {
      executionContextId: contextId,
      functionDeclaration: `function (given) { return compositorGate.${String(name)}(given); }`,
      arguments: given === undefined ? [] : [{ value: given }],
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  return {
    call: async <Answer>(name: keyof PageCalls) => {
      await connecting;
      const asked = current;
      if (asked === null) throw new Error('The tab is between two documents');
      const answer = await callIn(asked.contextId, name);
      // In the next document, a world of the page's own may have the number that the gate had in this one.
      if (asked !== current) throw new Error('The tab has gone to another document');
      return answer as Answer;
    },
  };
}
