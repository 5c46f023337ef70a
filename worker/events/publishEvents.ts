import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import type { Logger } from '../log.ts';

type EventBase = 'recording_id' | 'call_cid' | 'created_at';
type WithoutBase<Event> = Event extends unknown ? Omit<Event, EventBase> : never;

/** An event without the fields that say which recording it is about, and when it happened. */
export type EventBody = WithoutBase<RecordingEvent>;

/** Takes one event. It never throws: a listener that fails is logged, and the recording goes on. */
export type PublishEvent = (event: EventBody) => void;

/** Takes complete events. */
export type EventListener = (event: RecordingEvent) => void;

/** Adds recording, call and time to each event, and passes it to every listener. */
export function createPublisher(
  of: { readonly recordingId: string; readonly callCid: string },
  listeners: readonly EventListener[],
  nowUnixMs: () => number,
  log: Logger,
): PublishEvent {
  return (body) => {
    const event = {
      ...body,
      recording_id: of.recordingId,
      call_cid: of.callCid,
      created_at: new Date(nowUnixMs()).toISOString(),
    } as RecordingEvent;
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (error) {
        log.error({ err: error, type: event.type }, 'a listener failed');
      }
    }
  };
}
