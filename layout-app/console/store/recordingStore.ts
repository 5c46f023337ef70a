import type { ListQuery } from '../../../shared/api/recordingRequests.ts';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { Client } from '../../../worker/client/api/createClient.ts';
import { cidOf, groupOf, isOver, type Recording } from '../recording.ts';
import { isSessionOver } from '../session/isSessionOver.ts';
import { applyEvent, warningsOf } from './applyEvent.ts';
import { followEvents } from './followEvents.ts';

/** So many finished recordings are asked for at once. */
const PAGE = 100;
/** Progress of many recordings comes at any moment; the page is drawn anew at most this often. */
const DRAW_EVERY_MS = 200;
/** A recording that waits with no worker tells no events, so those of others are found by asking now and then. */
const ASK_AGAIN_MS = 30_000;
/** How soon, and how often, a server is asked again that does not know yet what an event has told. */
const ASK_SOON_MS = 500;
const MOST_TRIES = 20;
const NOT_OVER = 'queued,starting,recording,paused,stopping';

/** What is looked for. Empty texts look for everything. Times are as `<input type="date">` writes them. */
export interface Filter {
  readonly call: string;
  readonly state: '' | 'running' | 'waiting' | 'ready' | 'failed' | 'absent';
  readonly from: string;
  readonly until: string;
}

export const EVERYTHING: Filter = { call: '', state: '', from: '', until: '' };

export interface Recordings {
  /** The newest first. */
  readonly all: readonly Recording[];
  readonly byId: ReadonlyMap<string, Recording>;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  /** Why the list could not be loaded. */
  readonly problem: unknown;
  /** Whether events come at the moment. */
  readonly isLive: boolean;
}

export interface RecordingStore {
  subscribe(listener: () => void): () => void;
  snapshot(): Recordings;
  /** Loads the recordings that a filter lets through; what runs and waits, and the first page of what is finished. */
  look(filter: Filter): Promise<void>;
  /** Loads the next page of what is finished. */
  more(): Promise<void>;
  /** Asks for one recording with its events. */
  open(id: string): Promise<void>;
  /** Sends a request of somebody that is answered with a recording, and shows what the answer tells. */
  ask(request: () => Promise<Recording>): Promise<Recording>;
  forget(id: string): void;
  close(): void;
}

interface StoreOptions {
  /** A user may list the recordings of one call alone, so the filter must name it. */
  readonly isUser: boolean;
  /** Is told when the server does not take the token any more. */
  readonly onSessionOver: (error: unknown) => void;
}

/** The recordings that the page knows, kept up to date by the stream of events. */
export function createRecordingStore(
  client: Client,
  { isUser, onSessionOver }: StoreOptions,
): RecordingStore {
  const known = new Map<string, Recording>();
  const listeners = new Set<() => void>();
  const over = new AbortController();
  /** The recordings that are asked for, and whether they must be over. */
  const asking = new Map<string, boolean>();
  /** When a recording told something the last time, by the clock of the page in milliseconds. */
  const heardAtMs = new Map<string, number>();
  let now: Recordings = {
    ...{ all: [], byId: known, isLoading: true, hasMore: false, problem: null, isLive: true },
  };
  let filter = EVERYTHING;
  let pages: AsyncIterator<Recording> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function draw(changes: Partial<Recordings> = {}): void {
    clearTimeout(timer);
    timer = undefined;
    const all = [...known.values()].filter((one) => fits(one, filter)).sort(newestFirst);
    now = { ...now, all, byId: new Map(known), ...changes };
    for (const listener of listeners) listener();
  }

  const drawSoon = () => {
    timer ??= setTimeout(draw, DRAW_EVERY_MS);
  };

  /** What fails is asked for again by itself, or shown elsewhere. Only the end of the session concerns the whole page. */
  function passOver(error: unknown): void {
    if (isSessionOver(error) && !over.signal.aborted) onSessionOver(error);
  }

  /**
   * Takes over what the server answers. An event may come while the answer is on its way, and then the answer may be older
   * than what the event has told: that stays, and the server is asked again.
   */
  function put(recording: Recording, askedAtMs: number): void {
    const { id } = recording;
    const before = known.get(id);
    // An answer to a list has no events; those that are known stay.
    const whole = { ...(before?.events && { events: before.events }), ...recording };
    if (isOver(whole)) return void known.set(id, whole);
    if (before && isOver(before)) return;
    const isOvertaken = before !== undefined && (heardAtMs.get(id) ?? 0) > askedAtMs;
    const told = isOvertaken ? { state: before.state, pauses: before.pauses } : {};
    known.set(id, { ...whole, ...told, warnings: warningsOf(whole, before) });
    if (isOvertaken) setTimeout(() => !over.signal.aborted && askFor(id), ASK_SOON_MS);
  }

  async function ask(request: () => Promise<Recording>): Promise<Recording> {
    const askedAtMs = performance.now();
    const recording = await request();
    put(recording, askedAtMs);
    draw();
    return recording;
  }

  async function load(count: number): Promise<boolean> {
    const from = pages;
    const askedAtMs = performance.now();
    for (let taken = 0; from !== null && taken < count; taken += 1) {
      const { done, value } = await from.next();
      if (from !== pages || over.signal.aborted) return false;
      if (done) return false;
      put(value, askedAtMs);
    }
    return true;
  }

  async function loadOpen(asked: ListQuery): Promise<void> {
    const found = new Set<string>();
    const askedAtMs = performance.now();
    for await (const recording of client.list({ ...asked, state: NOT_OVER, limit: 200 })) {
      found.add(recording.id);
      put(recording, askedAtMs);
    }
    // What was not over and is not listed any more is over, or deleted.
    for (const one of known.values())
      if (!isOver(one) && !found.has(one.id) && fits(one, filter)) askFor(one.id);
  }

  async function look(wanted: Filter): Promise<void> {
    filter = wanted;
    if (isUser && wanted.call.trim() === '') return draw({ isLoading: false, hasMore: false });
    const asked = queryOf(wanted, isUser);
    const states = statesOf(wanted);
    pages = states.finished
      ? client.list({ ...asked, state: states.finished, limit: PAGE })[Symbol.asyncIterator]()
      : null;
    const mine = pages;
    draw({ isLoading: true, problem: null });
    try {
      if (states.isOpenWanted) await loadOpen(asked);
      if (filter !== wanted) return;
      draw();
      const hasMore = await load(PAGE);
      if (filter === wanted && mine === pages) draw({ isLoading: false, hasMore });
    } catch (problem) {
      passOver(problem);
      if (filter === wanted && !over.signal.aborted) draw({ isLoading: false, hasMore: false, problem });
    }
  }

  async function more(): Promise<void> {
    if (now.isLoading || !now.hasMore) return;
    draw({ isLoading: true });
    try {
      draw({ isLoading: false, hasMore: await load(PAGE) });
    } catch (problem) {
      passOver(problem);
      draw({ isLoading: false, hasMore: false, problem });
    }
  }

  /** Asks for one recording; after its last event until the server, too, says that it is over. */
  function askFor(id: string, mustBeOver = false, tries = 0): void {
    if (asking.has(id)) {
      if (mustBeOver) asking.set(id, true);
      return;
    }
    asking.set(id, mustBeOver);
    const askedAtMs = performance.now();
    client
      .get(id)
      .then(
        (recording) => put(recording, askedAtMs),
        (error) => {
          if (error?.status === 404) known.delete(id);
          passOver(error);
        },
      )
      .finally(() => {
        const isFinal = asking.get(id);
        asking.delete(id);
        drawSoon();
        const now = known.get(id);
        if (isFinal && now && !isOver(now) && tries < MOST_TRIES && !over.signal.aborted)
          setTimeout(() => askFor(id, true, tries + 1), ASK_SOON_MS);
      });
  }

  function hear(event: RecordingEvent): void {
    const before = known.get(event.recording_id);
    if (event.type !== 'call.recording_progress') heardAtMs.set(event.recording_id, performance.now());
    const after = before ? applyEvent(before, event) : 'ask';
    if (after === 'ask') askFor(event.recording_id, 'result' in event);
    else if (after !== before) {
      known.set(event.recording_id, after);
      drawSoon();
    }
  }

  /** Asks for what is not over, as far as it is looked for. */
  function askForOpen(): void {
    const isAsked = !isUser || filter.call.trim() !== '';
    if (isAsked && statesOf(filter).isOpenWanted) loadOpen(queryOf(filter, isUser)).then(drawSoon, passOver);
  }

  followEvents(client, {
    signal: over.signal,
    onEvent: hear,
    onLive: (isLive) => isLive !== now.isLive && draw({ isLive }),
    onBegin: () => {
      // The stream tells nothing of what happened after the first answers and before it began.
      askForOpen();
      for (const one of known.values()) if (one.events && !isOver(one)) askFor(one.id);
    },
  }).catch(passOver);
  const again = setInterval(() => {
    if (document.visibilityState === 'visible') askForOpen();
  }, ASK_AGAIN_MS);

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    snapshot: () => now,
    look,
    more,
    open: async (id) => void (await ask(() => client.get(id))),
    ask,
    forget: (id) => {
      known.delete(id);
      heardAtMs.delete(id);
      draw();
    },
    close: () => {
      over.abort();
      clearInterval(again);
      clearTimeout(timer);
    },
  };
}

const newestFirst = (one: Recording, other: Recording) => other.created_at.localeCompare(one.created_at);

/** Which states a filter asks the server for. */
function statesOf({ state }: Filter): { readonly isOpenWanted: boolean; readonly finished: string | null } {
  switch (state) {
    case '':
      return { isOpenWanted: true, finished: 'ready,failed,absent' };
    case 'running':
    case 'waiting':
      return { isOpenWanted: true, finished: null };
    default:
      return { isOpenWanted: false, finished: state };
  }
}

function queryOf({ call, from, until }: Filter, isUser: boolean): ListQuery {
  return {
    ...(call.trim() && (isUser ? oneCall(call.trim()) : { call: call.trim() })),
    ...(from && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(until && { until: new Date(`${until}T23:59:59.999`).toISOString() }),
  };
}

/** `default:standup`, or `standup` for a call of the type that everybody has. */
function oneCall(text: string): ListQuery {
  const [first = '', second] = text.split(':');
  return second === undefined
    ? { call_type: 'default', call_id: first }
    : { call_type: first, call_id: second };
}

/** Whether a recording is one of those that are looked for; the server judges the same. */
export function fits(recording: Recording, { call, state, from, until }: Filter): boolean {
  const text = call.trim().toLowerCase();
  if (text && !cidOf(recording).toLowerCase().includes(text)) return false;
  const group = groupOf(recording);
  if (state === 'running' || state === 'waiting') {
    if (group !== state) return false;
  } else if (state && recording.state !== state) return false;
  const at = new Date(recording.created_at);
  if (from && at < new Date(`${from}T00:00`)) return false;
  return !(until && at > new Date(`${until}T23:59:59.999`));
}
