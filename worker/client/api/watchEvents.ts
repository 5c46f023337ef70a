import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import { CompositorError } from './compositorError.ts';
import type { Sender } from './sendRequest.ts';

/** An event as a client hears it. */
export type WatchedEvent = RecordingEvent & {
  /** To go on behind this event later; null for progress, which is told of the present moment alone. */
  readonly position: string | null;
};

export interface WatchOptions {
  /** Only the events of this recording, from its first one on unless `after` is given; they end with its last one. */
  readonly recording_id?: string | undefined;
  /** The position of the last event that was heard; without it, events come from now on. */
  readonly after?: string | undefined;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal | undefined;
  /** Is told when events come, and when they do not because the connection is lost and made again. */
  readonly onConnection?: ((state: 'open' | 'lost', reason?: CompositorError) => void) | undefined;
}

/** The server writes something every 15 s: a connection that is silent for three times as long is lost. */
const SILENT_MS = 45_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
/** A server that was never reached is not waited for any longer; together some 4 s. */
const MOST_FIRST_TRIES = 5;

/**
 * The events of recordings as they happen. A connection that is lost is made again, for as long as that takes, behind the
 * last event that came, so that none is missed and none comes twice. Throws a CompositorError where the server refuses, or
 * is not reached at the beginning.
 */
export async function* watchEvents(
  sender: Sender,
  { recording_id, after, signal, onConnection }: WatchOptions,
): AsyncGenerator<WatchedEvent, void, undefined> {
  let position = after;
  let wasOpen = false;
  for (let failures = 0; !signal?.aborted; failures += 1) {
    try {
      for await (const message of messagesFrom(sender, { recording_id, after: position }, signal)) {
        failures = 0;
        position = message.id ?? position;
        if (message.event === 'watching') {
          wasOpen = true;
          onConnection?.('open');
          continue;
        }
        if (message.event === 'end') return;
        const event = JSON.parse(message.data) as RecordingEvent;
        yield { ...event, position: message.id ?? null };
        if (recording_id !== undefined && 'result' in event) return;
      }
      if (!signal?.aborted) onConnection?.('lost');
    } catch (error) {
      if (signal?.aborted) return;
      const mayPass = error instanceof CompositorError && error.isPassing;
      if (!mayPass || (!wasOpen && failures + 1 >= MOST_FIRST_TRIES)) throw error;
      onConnection?.('lost', error);
    }
    await pause(Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures), signal);
  }
}

/** What comes over one connection, until it ends. */
async function* messagesFrom(
  sender: Sender,
  query: { readonly recording_id: string | undefined; readonly after: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<EventSourceMessage, void, undefined> {
  const { body } = await sender.open({ method: 'GET', path: '/events', query, signal });
  if (body === null) throw new CompositorError('the stream of events has no body');
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  const messages: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => messages.push(message) });
  try {
    for (;;) {
      const { done, value } = await readWithin(reader, SILENT_MS);
      if (done) return;
      parser.feed(value);
      yield* messages.splice(0);
    }
  } catch (cause) {
    if (cause instanceof CompositorError) throw cause;
    throw new CompositorError('the stream of events was cut', { cause });
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function readWithin(reader: ReadableStreamDefaultReader<string>, limitMs: number) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silent = new Promise<never>((_, reject) => {
    const error = new CompositorError(`the stream of events was silent for ${limitMs / 1000} s`);
    timer = setTimeout(() => reject(error), limitMs);
  });
  try {
    return await Promise.race([reader.read(), silent]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    if (signal?.aborted) wake();
    signal?.addEventListener('abort', wake);
  });
}
