import { createAllowance } from '../../../shared/page/createAllowance.ts';
import type { ConsoleLine, LeftOut } from '../../../shared/page/pageCalls.ts';
import type { Message } from './readMessage.ts';

/** Takes messages, and sends so many of them on as the worker can bear from every page at once. */
export interface Outbox {
  take(message: Exclude<Message, { type: 'uncaught' }>): void;
  /** From now on messages go here, as JSON; those that wait for it, first. */
  connect(send: (text: string) => void): void;
}

/** Said once, they say all. Each needs no more room than its first one. */
const ONCE = ['ready', 'call_ended', 'failed'];
/** Of these, only the newest is of interest. */
const STATES = ['participants', 'connection'];
/** What a page that is debugged writes, on average and at once. A line has up to 4 kB, and mostly 100 characters. */
const LINES_PER_S = 5;
const LINES_AT_ONCE = 100;
const STATES_PER_S = 5;
const STATES_AT_ONCE = 20;
const FLUSH_EVERY_MS = 500;
/** How much may wait for a worker that has not connected yet. */
const MOST_WAITING = 200;

/** `nowMs` is a clock that never goes back. */
export function createOutbox(nowMs: () => number): Outbox {
  const said = new Set<string>();
  const newest = new Map<string, object>();
  const lines = createAllowance(LINES_AT_ONCE, LINES_PER_S, nowMs);
  const words = createAllowance(LINES_AT_ONCE, LINES_PER_S, nowMs);
  const states = createAllowance(STATES_AT_ONCE, STATES_PER_S, nowMs);
  const waiting: string[] = [];
  let send: ((text: string) => void) | null = null;
  let leftOut: LeftOut = { type: 'left_out', count: 0 };
  let isFlushing = false;

  function post(message: object): void {
    const text = JSON.stringify(message);
    if (send) send(text);
    else if (waiting.length < MOST_WAITING) waiting.push(text);
  }

  function flushLater(): void {
    if (isFlushing) return;
    isFlushing = true;
    setTimeout(() => {
      isFlushing = false;
      for (const [type, message] of [...newest]) {
        newest.delete(type);
        takeState(type, message);
      }
      if (leftOut.count > 0) post(leftOut);
      leftOut = { type: 'left_out', count: 0 };
    }, FLUSH_EVERY_MS);
  }

  function takeState(type: string, message: object): void {
    if (!newest.has(type) && states.take()) post(message);
    else {
      newest.set(type, message);
      flushLater();
    }
  }

  function takeLine(message: object): void {
    if (lines.take()) post(message);
    else {
      leftOut = { ...leftOut, count: leftOut.count + 1 };
      flushLater();
    }
  }

  return {
    take: (message) => {
      const kind = message.type ?? message.signal;
      if (message.type === undefined || ONCE.includes(kind)) {
        if (said.has(kind)) return;
        said.add(kind);
        post(message);
      } else if (STATES.includes(kind)) takeState(kind, message);
      else if (!isForItself(message)) takeLine(message);
      else if (words.take()) post(message);
    },
    connect: (connected) => {
      send = connected;
      for (const text of waiting.splice(0)) send(text);
    },
  };
}

/** What is no complaint, a page writes for itself: it takes no room from complaints, and nobody misses it. */
function isForItself(message: object): boolean {
  return (message as Partial<ConsoleLine>).level === 'debug';
}
