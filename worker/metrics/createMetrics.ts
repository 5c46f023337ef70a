import pTimeout from 'p-timeout';
import { Counter, Gauge, Registry } from 'prom-client';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';

/** A Redis that does not answer must not hold up the figures that are known. */
const COUNT_LIMIT_MS = 1_000;

/** What a worker reports to Prometheus. Most of it comes from the events of its recordings. */
export interface Metrics {
  readonly registry: Registry;
  note(event: RecordingEvent): void;
}

interface Progress {
  readonly frames: number;
  readonly droppedFrames: number;
  readonly seconds: number;
}

/**
 * `isOpen` tells whether the machine has room for an ordinary recording. A fleet can be scaled by this value.
 * `deliveries` counts the recordings whose webhook waits for events, and the events that could not be delivered.
 */
export function createMetrics({
  isOpen,
  deliveries,
}: {
  isOpen: () => boolean;
  deliveries: () => Promise<{ readonly waiting: number; readonly dead: number }>;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'call_compositor_has_room',
    help: '1 if this worker would take a 720p recording now, else 0',
    registers,
    collect() {
      this.set(isOpen() ? 1 : 0);
    },
  });
  new Gauge({
    name: 'call_compositor_deliveries',
    help: 'Of all workers together: recordings with events that wait for their webhook, and events that are dead letters',
    labelNames: ['state'],
    registers,
    async collect() {
      // While Redis is away, the figures are those of the last time.
      const counts = await pTimeout(deliveries(), { milliseconds: COUNT_LIMIT_MS }).catch(() => null);
      for (const [state, count] of Object.entries(counts ?? {})) this.set({ state }, count);
    },
  });
  const running = new Gauge({
    name: 'call_compositor_recordings_running',
    help: 'Recordings that are running',
    registers,
  });
  const ended = new Counter({
    name: 'call_compositor_recordings_total',
    help: 'Jobs that ended, by status and end reason',
    labelNames: ['status', 'end_reason'],
    registers,
  });
  const frames = new Counter({
    name: 'call_compositor_frames_total',
    help: 'Pictures recorded',
    registers,
  });
  const dropped = new Counter({
    name: 'call_compositor_dropped_frames_total',
    help: 'Pictures that were dropped because the machine had no time for them',
    registers,
  });
  const seconds = new Counter({
    name: 'call_compositor_recorded_seconds_total',
    help: 'Length of all recordings',
    registers,
  });
  const decoded = new Counter({
    name: 'call_compositor_decoded_seconds_total',
    help: 'For how many of these seconds videos went into the picture as they were decoded; known at the end of a recording',
    registers,
  });

  const known = new Map<string, Progress>();
  function advance(id: string, now: Progress): void {
    const before = known.get(id) ?? { frames: 0, droppedFrames: 0, seconds: 0 };
    frames.inc(Math.max(0, now.frames - before.frames));
    dropped.inc(Math.max(0, now.droppedFrames - before.droppedFrames));
    seconds.inc(Math.max(0, now.seconds - before.seconds));
    known.set(id, now);
    running.set(known.size);
  }

  /**
   * Called when the recording no longer runs here: it is over, or it waits for another attempt, perhaps on
   * another worker.
   */
  function forget(id: string): void {
    known.delete(id);
    running.set(known.size);
  }

  return {
    registry,
    note: (event) => {
      const id = event.recording_id;
      if (event.type === 'call.recording_phase' && event.phase === 'queued') forget(id);
      else if (event.type === 'call.recording_phase' && !known.has(id))
        advance(id, { frames: 0, droppedFrames: 0, seconds: 0 });
      if (event.type === 'call.recording_progress')
        advance(id, { frames: event.frames, droppedFrames: event.dropped_frames, seconds: event.elapsed_s });
      if ('result' in event) {
        const { status, end_reason, duration_s, ...counts } = event.result;
        advance(id, { frames: counts.frames, droppedFrames: counts.dropped_frames, seconds: duration_s });
        decoded.inc(counts.decoded_s);
        forget(id);
        ended.inc({ status, end_reason });
      }
    },
  };
}
