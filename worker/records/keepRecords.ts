import pRetry from 'p-retry';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import type { RecordStore } from './recordStore.ts';

/** Delivers events one after another, as worker/events/inOrder.ts does. */
type InOrder = (deliver: (event: RecordingEvent) => Promise<unknown>) => {
  publish(event: RecordingEvent): void;
  settled(): Promise<void>;
};

/** Keeps the records of the recordings that run on this worker, and can write each again from the beginning. */
export interface RecordKeeper {
  /** Takes every event of every recording. */
  readonly publish: (event: RecordingEvent) => void;
  /**
   * Resolves once everything told of a recording is kept; the worker then forgets it. It waits as long as the end of the
   * recording cannot be kept. Never rejects.
   */
  settled(recordingId: string): Promise<void>;
  /** The result of a recording that is complete; null for any other. */
  completed(recordingId: string): Promise<RecordingResult | null>;
  /** Reads what was told of a recording before it goes on here, so that it can be written again as well. */
  load(recordingId: string): Promise<void>;
  /** Writes the record again where Redis has less of it than this worker. */
  restore(recordingId: string): Promise<void>;
}

/** What is told of one recording that runs here. */
interface Kept {
  readonly queue: ReturnType<InOrder>;
  /** Everything except progress, oldest first. */
  readonly events: RecordingEvent[];
}

const RETRY = { retries: Number.POSITIVE_INFINITY, minTimeout: 500, maxTimeout: 10_000, unref: true };

export function keepRecords(store: RecordStore, inOrder: InOrder, log: Logger): RecordKeeper {
  const running = new Map<string, Kept>();

  /** What ends a recording or its transcript must be kept: a record that lacks its end looks like that of a lost recording, which would be ended a second time. */
  async function note(event: RecordingEvent): Promise<void> {
    if (!('result' in event) && !('transcript' in event)) return store.note(event);
    const { recording_id: recordingId, type } = event;
    await pRetry(() => store.note(event), {
      ...RETRY,
      onFailedAttempt: ({ attemptNumber, error }) => {
        const facts = { recordingId, type, reason: messageOf(error) };
        if (attemptNumber === 1)
          log.warn(facts, 'what became of a recording is not kept yet; the worker tries again');
      },
    });
  }

  function keptOf(id: string): Kept {
    const known = running.get(id);
    if (known) return known;
    const kept = { queue: inOrder(note), events: [] };
    running.set(id, kept);
    return kept;
  }

  function forget(id: string, kept: Kept): void {
    if (running.get(id) === kept) running.delete(id);
  }

  return {
    publish: (event) => {
      const id = event.recording_id;
      const kept = keptOf(id);
      if (event.type !== 'call.recording_progress') kept.events.push(event);
      kept.queue.publish(event);
      // It may well run on another worker.
      if (isWaiting(kept)) void kept.queue.settled().then(() => isWaiting(kept) && forget(id, kept));
    },
    settled: async (id) => {
      const kept = running.get(id);
      await kept?.queue.settled();
      if (kept) forget(id, kept);
    },
    completed: async (id) => {
      const record = await store.get(id);
      return record?.result?.status === 'completed' ? record.result : null;
    },
    load: async (id) => {
      const kept = keptOf(id);
      await kept.queue.settled();
      kept.events.splice(0, Number.POSITIVE_INFINITY, ...(await store.events(id)));
    },
    restore: async (id) => {
      const kept = running.get(id);
      if (!kept) return;
      await kept.queue.settled();
      const ours = kept.events.map((event) => JSON.stringify(event));
      const stored = (await store.events(id)).map((event) => JSON.stringify(event));
      if (ours.every((one) => stored.includes(one))) return;
      await store.forget(id);
      // What was told before it came here may be all that Redis still has.
      for (const text of [...stored.filter((one) => !ours.includes(one)), ...ours])
        await store.note(JSON.parse(text));
    },
  };
}

/** Whether nothing is known of a recording but that it waits for a worker. */
function isWaiting({ events }: Kept): boolean {
  return events.every((event) => event.type === 'call.recording_phase' && event.phase === 'queued');
}
