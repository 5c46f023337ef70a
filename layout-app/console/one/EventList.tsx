import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../../shared/events/recordingState.ts';
import type { Recording } from '../recording.ts';

const PHASES: Readonly<Record<RecordingState, string>> = {
  queued: 'It waits for a worker that has room',
  launching: 'A worker starts a browser',
  loading: 'The page of the call is loaded',
  waiting: 'The page waits for everybody to be seen',
  recording: 'It records',
  paused: 'It is paused',
  finishing: 'The file is finished and stored',
  ready: 'Its files are ready',
  failed: 'It failed',
  absent: 'There was nothing to record',
};

/** What the workers told of a recording, in order. */
export function EventList({ recording }: { readonly recording: Recording }) {
  const events = (recording.events ?? []).filter(({ type }) => type !== 'call.recording_progress');
  return (
    <details className="part">
      <summary>
        <h2>
          Events <span className="quiet">{events.length}</span>
        </h2>
      </summary>
      {events.length === 0 && <p className="quiet">No worker has told anything of it yet.</p>}
      <ol className="events">
        {events.map((event, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events are only added at the end
          <li key={at}>
            <time className="when figure" dateTime={event.created_at} title={event.created_at}>
              {new Date(event.created_at).toLocaleTimeString()}
            </time>
            <span>{textOf(event)}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function textOf(event: RecordingEvent): string {
  switch (event.type) {
    case 'call.recording_phase':
      return PHASES[event.phase] ?? event.phase;
    case 'call.recording_started':
      return `The first picture is recorded (ready by ${event.ready_signal})`;
    case 'call.recording_warning':
      return `Warning: ${event.warning.message}`;
    case 'call.recording_stopped':
      return `It ends: ${event.end_reason}`;
    case 'call.recording_ready':
      return 'Its files are ready';
    case 'call.recording_failed':
      return `It failed: ${event.result.error?.message ?? event.result.end_reason}`;
    case 'call.recording_absent':
      return 'There was nothing to record';
    default:
      return event.type;
  }
}
