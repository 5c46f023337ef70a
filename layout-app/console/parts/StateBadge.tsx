import type { RecordState } from '../recording.ts';

const NAMES: Readonly<Record<RecordState, string>> = {
  queued: 'Waiting',
  starting: 'Starting',
  recording: 'Recording',
  paused: 'Paused',
  stopping: 'Storing',
  ready: 'Ready',
  failed: 'Failed',
  absent: 'Nothing recorded',
};

export function StateBadge({ state }: { readonly state: RecordState }) {
  return (
    <span className="badge" data-state={state}>
      {NAMES[state]}
    </span>
  );
}
