import { createRoute, type z } from '@hono/zod-openapi';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';
import { decodeJwt } from 'jose';
import { ToldEvent } from '../../../shared/api/recordingReply.ts';
import { EventQuery } from '../../../shared/api/recordingRequests.ts';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import { isLater } from '../../isLater.ts';
import { messageOf } from '../../recordingError.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { isAllowed } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { tokenIn } from '../auth/readToken.ts';
import type { ApiContext } from '../http/context.ts';
import type { ApiApp } from '../http/routes.ts';
import { currentRecording } from '../recordings/currentRecording.ts';
import { findCall } from '../recordings/findCall.ts';
import { permitted } from '../recordings/permitted.ts';
import { isOver } from '../store/rows.ts';
import { OURS } from '../stream/family.ts';
import { type Listener, openFeed } from './eventFeed.ts';
import { createStreamLimits, type StreamLimits } from './streamLimits.ts';

/** A comment comes this often, so that a client notices a connection that was lost without a word. */
const COMMENT_MS = 15_000;
const AFTER_ERROR_MS = 500;
const BEGINNING = '0-0';
/** The clock of a server may be ahead of that of Redis, whose times the positions are, by this much. */
const CLOCKS_DIFFER_MS = 60_000;
/** A timer cannot wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface EventStreams {
  /** There is an event that clients may not have heard. */
  onEvent(): void;
  /** Ends the streams of all clients. */
  close(): void;
}

const route = createRoute({
  ...{ method: 'get', path: `${OURS.base}/events`, tags: ['Records'] },
  summary: 'Hear the events of recordings as Server-Sent Events',
  security: [{ api_key: [], token: [] }],
  request: { query: EventQuery },
  responses: {
    200: {
      description:
        'Events without end: `id` is the position, `event` the type, `data` the event as JSON. The first one, `watching`, has the position where the stream begins; `end` comes where nothing follows on the events of one recording.',
      content: { 'text/event-stream': { schema: ToldEvent } },
    },
    default: {
      description: 'Refused, with the reason.',
      content: { 'application/json': { schema: OURS.errorSchema } },
    },
  },
});

/** Serves the events of a tenant as a stream that a client can go on with behind the last event it has heard. */
export function serveEventStream(app: ApiApp, api: Api): EventStreams {
  const feed = openFeed(api);
  const limits = createStreamLimits();
  app.openapi(route, (async (c: ApiContext) => {
    const read = c.req as unknown as { valid(of: string): z.output<typeof EventQuery> };
    const query = read.valid('query');
    const after = query.after ?? readPosition(c.req.header('last-event-id'));
    const who = c.get('who');
    const position = await firstPosition(api, who, after, query.recording_id ?? null);
    c.header('cache-control', 'no-cache');
    // A proxy that collects the answer before it passes it on would hold back every event.
    c.header('x-accel-buffering', 'no');
    // Nobody would read the events, or end them.
    if (c.req.method === 'HEAD') return c.body(null);
    const place = limits.enter(who);
    return streamSSE(c, async (stream) => {
      const listener = feed.listen(who.tenant);
      stream.onAbort(() => {
        listener.end();
        place.leave();
      });
      const expiry = endWithToken(api, c, listener);
      try {
        const only = query.recording_id ?? null;
        await tellEvents(api, stream, listener, { who, position, only, limits });
      } finally {
        clearTimeout(expiry);
        listener.end();
        place.leave();
      }
    });
  }) as never);
  return { onEvent: feed.onEvent, close: feed.close };
}

function readPosition(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const read = EventQuery.safeParse({ after: header });
  if (!read.success) throw new ApiError('bad_input', 'the header Last-Event-ID is no position of an event');
  return read.data.after;
}

/**
 * Where the events of a stream begin: behind the position that the client names; or else, for one recording, where the
 * recording was started, and for all, now. Throws an ApiError for a recording whose events the sender may not hear.
 */
async function firstPosition(
  api: Api,
  who: Principal,
  after: string | undefined,
  recordingId: string | null,
): Promise<string> {
  if (who.kind === 'anonymous') throw new ApiError('not_allowed', 'an anonymous user hears no events');
  const row = recordingId === null ? null : await permitted(api, who, 'ListRecordings', recordingId);
  if (after !== undefined) return stillKnown(api, after);
  const newest = await api.events.newest();
  if (row === null) return newest;
  const begin = `${Math.max(0, row.createdAt - CLOCKS_DIFFER_MS)}-0`;
  return isLater(begin, newest) ? newest : begin;
}

/** Another Redis may have taken the place of the one that gave the position, and its stream begins anew. */
async function stillKnown(api: Api, position: string): Promise<string> {
  return isLater(position, await api.events.newest()) ? BEGINNING : position;
}

/** A stream must not outlive the token that it was asked for with. */
function endWithToken(api: Api, c: ApiContext, listener: Listener): NodeJS.Timeout | undefined {
  const { exp } = decodeJwt(tokenIn(c.req.header('authorization')));
  if (exp === undefined) return undefined;
  const leftMs = (exp + api.config.clock_leeway_s) * 1000 - api.nowUnixMs();
  return setTimeout(listener.end, Math.min(Math.max(0, leftMs), LONGEST_TIMER_MS)).unref();
}

interface Hearing {
  readonly who: Principal;
  readonly position: string;
  /** The only recording that is asked for; null for all. */
  readonly only: string | null;
  readonly limits: StreamLimits;
}

/** Tells events until the client is gone, the server leaves, or the only recording is over. */
async function tellEvents(
  api: Api,
  stream: SSEStreamingApi,
  listener: Listener,
  { who, position: begin, only, limits }: Hearing,
): Promise<void> {
  let position = begin;
  let commentAtMs = performance.now() + COMMENT_MS;
  let mayBeOver = true;
  const hears = rememberedFor(COMMENT_MS, (id: string) => mayHear(api, who, only, id));
  const ended = new Set<string>();
  await stream.writeSSE({ event: 'watching', id: position, data: '{}' });
  while (!listener.isEnded) {
    try {
      const found = await limits.inTurn(who.tenant, () => judgedAfter(api, position, hears));
      for (const { event, isHeard, ...streamed } of found) {
        position = streamed.position;
        if (!isHeard) continue;
        await stream.writeSSE({ id: position, event: event.type, data: JSON.stringify(event) });
        if (!isLast(event)) ended.delete(event.recording_id);
        else if (only === null) ended.add(event.recording_id);
        else return await stream.writeSSE({ event: 'end', data: '{}' });
      }
      if (found.length > 0) continue;
      if (only !== null && mayBeOver && (await hasEnded(api, who, only)))
        if ((await api.events.after(position)).length === 0)
          // Its last event is there before it counts as over; it may have come since the last look.
          return await stream.writeSSE({ event: 'end', data: '{}' });
      mayBeOver = false;
      for (const one of listener.takeProgress())
        if (!ended.has(one.recording_id) && (await hears(one.recording_id)))
          await stream.writeSSE({ event: one.type, data: JSON.stringify(one) });
    } catch (error) {
      api.log.warn({ reason: messageOf(error) }, 'events cannot be read; the server tries again');
      await stream.sleep(AFTER_ERROR_MS);
      position = await stillKnown(api, position).catch(() => position);
    }
    if (performance.now() >= commentAtMs) {
      await stream.write(': the stream goes on\n\n');
      commentAtMs = performance.now() + COMMENT_MS;
      mayBeOver = true;
    }
    await listener.next(Math.max(0, commentAtMs - performance.now()));
  }
}

/** The next events, and of each whether it is heard. What is slow about the client is not waited for here. */
async function judgedAfter(api: Api, position: string, hears: (id: string) => Promise<boolean>) {
  const found = await api.events.after(position);
  const judged: ((typeof found)[number] & { readonly isHeard: boolean })[] = [];
  for (const streamed of found)
    judged.push({ ...streamed, isHeard: await hears(streamed.event.recording_id) });
  return judged;
}

function isLast(event: RecordingEvent): boolean {
  return 'result' in event;
}

/** Whether nothing more happens to a recording. One that was deleted is over, too. */
async function hasEnded(api: Api, { tenant }: Principal, id: string): Promise<boolean> {
  const row = await api.store.recordings.get(tenant, id);
  return row === null || isOver((await currentRecording(api, row)).state);
}

async function mayHear(api: Api, who: Principal, only: string | null, id: string): Promise<boolean> {
  // Whether the sender may hear of the only one was asked before the first event.
  if (only !== null) return id === only;
  if ((await api.store.recordings.ownerOf(id)) !== who.tenant) return false;
  if (who.kind === 'server' || who.kind === 'viewer') return true;
  const row = await api.store.recordings.get(who.tenant, id);
  if (row === null) return false;
  const found = await findCall(api, who.tenant, { type: row.callType, id: row.callId }).catch(() => null);
  return found !== null && isAllowed('ListRecordings', who, found.call, found.grants);
}

/** Asks a question of recordings, and remembers the answers for some time: of one recording, dozens of events come. */
function rememberedFor(ms: number, question: (id: string) => Promise<boolean>) {
  const answers = new Map<string, boolean>();
  let forgetAtMs = performance.now() + ms;
  return async (id: string): Promise<boolean> => {
    if (performance.now() >= forgetAtMs) {
      answers.clear();
      forgetAtMs = performance.now() + ms;
    }
    const answer = answers.get(id) ?? (await question(id));
    answers.set(id, answer);
    return answer;
  };
}
