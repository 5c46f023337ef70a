import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../../shared/events/recordingState.ts';
import { messageOf } from '../../recordingError.ts';
import type { Api } from '../api.ts';

/** As often as a recording tells its progress. */
const PROGRESS_MS = 1_000;

const TELLING: readonly RecordingState[] = ['recording', 'paused', 'finishing'];

export type ProgressEvent = Extract<RecordingEvent, { type: 'call.recording_progress' }>;

/** One who listens to what happens, and reads the events themselves. */
export interface Listener {
  /** What was told since it was asked the last time. */
  takeProgress(): readonly ProgressEvent[];
  /** Resolves once something has happened since the last time, and after `limitMs` at the latest. */
  next(limitMs: number): Promise<void>;
  readonly isEnded: boolean;
  end(): void;
}

/** Rings whenever something happens, and reads the progress of running recordings once for all who listen. */
export interface EventFeed {
  onEvent(): void;
  listen(tenant: string): Listener;
  /** Ends all who listen. */
  close(): void;
}

interface Bell {
  readonly tenant: string;
  ring(progress: readonly ProgressEvent[]): void;
  end(): void;
}

export function openFeed(api: Api): EventFeed {
  const bells = new Set<Bell>();
  /** What was told last of each recording. */
  const told = new Map<string, string>();
  let timer: NodeJS.Timeout | null = null;
  let isReading = false;

  /** The timer runs as long as anybody listens. */
  function heedListeners(): void {
    if (bells.size > 0) timer ??= setInterval(readProgress, PROGRESS_MS).unref();
    else if (timer !== null) {
      clearInterval(timer);
      timer = null;
      told.clear();
    }
  }

  function readProgress(): void {
    if (isReading) return;
    isReading = true;
    tellProgress()
      .catch((error) =>
        api.log.warn({ reason: messageOf(error) }, 'no progress can be read; the server tries again'),
      )
      .finally(() => {
        isReading = false;
      });
  }

  async function tellProgress(): Promise<void> {
    const open = await api.store.recordings.open();
    const ids = new Set(open.map(({ id }) => id));
    for (const id of told.keys()) if (!ids.has(id)) told.delete(id);
    const listening = [...bells];
    for (const tenant of new Set(listening.map((bell) => bell.tenant))) {
      const own = open.filter((one) => one.tenant === tenant);
      const progress = (await Promise.all(own.map(({ id }) => progressOf(id)))).flat();
      if (progress.length > 0) for (const bell of listening) if (bell.tenant === tenant) bell.ring(progress);
    }
  }

  /** The progress of a recording, unless it was told already. */
  async function progressOf(id: string): Promise<ProgressEvent[]> {
    const report = await api.queue.report(id);
    if (!report?.progress || !TELLING.includes(report.state)) return [];
    const text = JSON.stringify(report.progress);
    if (told.get(id) === text) return [];
    told.set(id, text);
    const { call_cid, updated_at: created_at, progress } = report;
    return [{ type: 'call.recording_progress', recording_id: id, call_cid, created_at, ...progress }];
  }

  return {
    onEvent: () => {
      for (const bell of bells) bell.ring([]);
    },
    listen: (tenant) => {
      let isRung = false;
      let isEnded = false;
      let wake: () => void = () => {};
      const waiting = new Map<string, ProgressEvent>();
      const ring = (progress: readonly ProgressEvent[]) => {
        for (const one of progress) waiting.set(one.recording_id, one);
        isRung = true;
        wake();
      };
      const bell: Bell = {
        tenant,
        ring,
        end: () => {
          isEnded = true;
          bells.delete(bell);
          heedListeners();
          ring([]);
        },
      };
      bells.add(bell);
      heedListeners();
      return {
        takeProgress: () => {
          const taken = [...waiting.values()];
          waiting.clear();
          return taken;
        },
        next: async (limitMs) => {
          if (!isRung)
            await new Promise<void>((resolve) => {
              const timeout = setTimeout(resolve, limitMs);
              wake = () => {
                clearTimeout(timeout);
                resolve();
              };
            });
          isRung = false;
        },
        get isEnded() {
          return isEnded;
        },
        end: bell.end,
      };
    },
    close: () => {
      for (const bell of [...bells]) bell.end();
    },
  };
}
