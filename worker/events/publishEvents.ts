import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { callCid, type RecordingRequest } from '../../shared/request/recordingRequest.ts';

type EventBase = 'recording_id' | 'call_cid' | 'created_at';
type WithoutBase<Event> = Event extends unknown ? Omit<Event, EventBase> : never;

/** An event before it carries the recording it is about. */
export type EventBody = WithoutBase<RecordingEvent>;

/** Takes one event; delivery is in order and never throws into the recording. */
export type PublishEvent = (event: EventBody) => void;

/** Completes events with recording, call and time, and hands each to every listener. */
export function createPublisher(
  request: RecordingRequest,
  listeners: readonly ((event: RecordingEvent) => void)[],
  nowUnixMs: () => number,
): PublishEvent {
  return (body) => {
    const event = {
      ...body,
      recording_id: request.id,
      call_cid: callCid(request.call),
      created_at: new Date(nowUnixMs()).toISOString(),
    } as RecordingEvent;
    for (const listener of listeners) listener(event);
  };
}
