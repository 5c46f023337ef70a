import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import { RECORD_STATE_OF } from '../../../shared/events/recordStateOf.ts';
import { isOver, type Recording } from '../recording.ts';

/**
 * The recording as it is after an event, or `ask` where the event does not tell enough of it: the final events do not
 * have the links to the files.
 */
export function applyEvent(before: Recording, event: RecordingEvent): Recording | 'ask' {
  if (isOver(before)) return before;
  const recording = withEvent(before, event);
  switch (event.type) {
    case 'call.recording_progress': {
      const { elapsed_s, frames, dropped_frames, size_bytes } = event;
      return { ...before, progress: { elapsed_s, frames, dropped_frames, size_bytes } };
    }
    case 'call.recording_phase': {
      const state = RECORD_STATE_OF[event.phase];
      const isAsked = before.stop_requested_at !== null && !isOver({ state });
      const { pauses = before.pauses } = event;
      return { ...recording, pauses: [...pauses], state: isAsked ? 'stopping' : state };
    }
    case 'call.recording_started':
      return { ...recording, started_at: before.started_at ?? event.created_at };
    case 'call.recording_warning':
      return { ...recording, warnings: withWarning(before.warnings, event.warning) };
    case 'call.recording_stopped':
      return recording;
    default:
      return 'ask';
  }
}

/** Events are only known of a recording that somebody looks at; a list tells of none. */
function withEvent(before: Recording, event: RecordingEvent): Recording {
  if (!before.events || event.type === 'call.recording_progress') return before;
  return { ...before, events: [...before.events, event] };
}

type Warnings = Recording['warnings'];

/** A warning of something that lasted comes a second time when it is over, and replaces the first one. */
function withWarning(before: Warnings, given: Warnings[number]): Warnings {
  const isSame = (one: Warnings[number]) => one.code === given.code && one.at_s === given.at_s;
  const others =
    given.until_s === undefined
      ? before
      : before.filter((one) => !(isSame(one) && one.until_s === undefined));
  return [...others, given];
}

/** The warnings of a recording that is not over, which are told in its events alone. */
export function warningsOf({ events, warnings }: Recording, before: Recording | undefined): Warnings {
  if (!events) return before?.warnings ?? warnings;
  return events.reduce<Warnings>(
    (sum, event) => (event.type === 'call.recording_warning' ? withWarning(sum, event.warning) : sum),
    [],
  );
}
