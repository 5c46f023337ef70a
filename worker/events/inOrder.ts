import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import type { Logger } from '../log.ts';
import type { EventListener } from './publishEvents.ts';

/** Delivers events to one place, one after another. */
export interface OrderedEvents {
  readonly publish: EventListener;
  /** Resolves once every event published so far has been delivered or given up. Never rejects. */
  settled(): Promise<void>;
}

/**
 * Delivers events one after another. A failure is logged and never reaches the recording. Progress that comes while
 * other progress still waits is left out, so that nothing piles up behind a place that does not answer.
 */
export function inOrder(deliver: (event: RecordingEvent) => Promise<unknown>, log: Logger): OrderedEvents {
  let queue: Promise<unknown> = Promise.resolve();
  let doesProgressWait = false;
  return {
    publish: (event) => {
      const isProgress = event.type === 'call.recording_progress';
      if (isProgress && doesProgressWait) return;
      doesProgressWait ||= isProgress;
      queue = queue
        .then(() => {
          if (isProgress) doesProgressWait = false;
          return deliver(event);
        })
        .catch((error) => log.warn({ err: error, type: event.type }, 'an event could not be published'));
    },
    settled: async () => void (await queue),
  };
}
