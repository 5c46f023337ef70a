import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Recording } from '../../../../layout-app/console/recording.ts';
import {
  createRecordingStore,
  EVERYTHING,
  type RecordingStore,
} from '../../../../layout-app/console/store/recordingStore.ts';
import {
  type Client,
  CompositorError,
  type WatchedEvent,
  type WatchOptions,
} from '../../../../worker/client/api/index.ts';
import { openVisiblePage } from '../../../support/visiblePage.ts';

/** What happens to one connection: the events that come over it, and what ends it; it stays open where that is null. */
interface Connection {
  readonly events?: readonly WatchedEvent[];
  readonly end: CompositorError | null;
}

const EXPIRED = new CompositorError('the token has expired (exp)', { status: 401, code: 40 });
const BY_PROXY = new CompositorError('the server answered 404', { status: 404 });
const NO_EVENTS = new CompositorError('the server answered 520', { status: 520 });

const event = (position: string) =>
  ({ type: 'call.recording_stopped', recording_id: 'a', position }) as unknown as WatchedEvent;

beforeEach(openVisiblePage);

/** A store with a client whose connections the test gives. Its lists have `recordings`, until `refuse` says otherwise. */
function open(connections: Connection[], recordings: Recording[] = []) {
  const asked: { atMs: number; after: string | undefined }[] = [];
  const ended: unknown[] = [];
  const begunAtMs = Date.now();
  let refusal: CompositorError | null = null;
  const client = {
    watch: async function* ({ after, signal, onConnection }: WatchOptions) {
      asked.push({ atMs: Date.now() - begunAtMs, after });
      const { events = [], end } = connections.shift() ?? { end: null };
      if (events.length > 0 || end === null) onConnection?.('open');
      yield* events;
      if (end) throw end;
      await new Promise((resolve) => signal?.addEventListener('abort', resolve));
    },
    list: async function* () {
      for (const recording of [...recordings, null]) {
        if (refusal) throw refusal;
        if (recording) yield recording;
      }
    },
    get: () => Promise.reject(refusal ?? new CompositorError('there is no such recording', { status: 404 })),
  } as unknown as Client;
  const store = createRecordingStore(client, {
    isUser: false,
    onSessionOver: (error) => void ended.push(error),
  });
  onTestFinished(store.close);
  const refuse = (error: CompositorError) => {
    refusal = error;
  };
  return { store, asked, ended, refuse };
}

const recording = (id: string, state: string) =>
  ({ id, state, call_type: 'default', call_id: id, created_at: '2026-01-02T03:04:05Z' }) as Recording;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('a session that is over', () => {
  test('is told where events are refused, and they are not asked for again', async () => {
    const { store, asked, ended } = open([{ events: [event('1-0')], end: EXPIRED }]);
    await pass(120_000);
    expect(ended).toEqual([EXPIRED]);
    expect(asked.length).toBe(1);
    expect(store.snapshot().isLive).toBe(false);
  });

  test.each([
    ['the list', (store: RecordingStore) => store.look(EVERYTHING)],
    ['the next page', (store: RecordingStore) => store.more()],
    ['the look that is repeated', () => pass(30_000)],
  ])('is told by %s', async (_, ask) => {
    const { store, ended, refuse } = open(
      [],
      Array.from({ length: 150 }, (_, n) => recording(`${n}`, 'ready')),
    );
    await store.look(EVERYTHING);
    refuse(EXPIRED);
    await ask(store);
    expect(ended).toEqual([EXPIRED]);
  });

  test('is told by what is asked of one recording', async () => {
    const { ended, refuse } = open([{ events: [event('1-0')], end: NO_EVENTS }]);
    refuse(EXPIRED);
    await pass(1);
    expect(ended).toEqual([EXPIRED]);
  });

  test('is told to nobody once the page is left', async () => {
    const { store, ended, refuse } = open([]);
    refuse(EXPIRED);
    const looked = store.look(EVERYTHING);
    store.close();
    await looked;
    expect(ended).toEqual([]);
  });
});

describe('events that are refused for a while', () => {
  test('are asked for anew after pauses that grow, and go on behind the last one', async () => {
    const refused = Array.from({ length: 6 }, () => ({ end: BY_PROXY }));
    const { store, asked, ended } = open([{ events: [event('5-0')], end: NO_EVENTS }, ...refused]);
    await pass(1);
    expect(store.snapshot().isLive).toBe(false);
    await pass(120_000);
    const pauses = asked.slice(1).map(({ atMs }, n) => atMs - (asked[n]?.atMs ?? 0));
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    expect(asked.map(({ after }) => after)).toEqual([undefined, ...pauses.map(() => '5-0')]);
    expect(store.snapshot().isLive).toBe(true);
    expect(ended).toEqual([]);
  });

  test('leave no gap: what began meanwhile is asked for when they come again', async () => {
    const recordings: Recording[] = [];
    const { store } = open([{ end: BY_PROXY }], recordings);
    await store.look(EVERYTHING);
    recordings.push(recording('b', 'recording'));
    await pass(2_000);
    expect(store.snapshot().all.map(({ id }) => id)).toEqual(['b']);
  });
});
