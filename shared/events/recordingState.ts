/** The states of a recording, in the order in which they usually come. The last three are final. */
export const RECORDING_STATES = [
  'queued',
  'launching',
  'loading',
  'waiting',
  'recording',
  'paused',
  'finishing',
  'ready',
  'failed',
  'absent',
] as const;
export type RecordingState = (typeof RECORDING_STATES)[number];

/**
 * What may follow on each state. A recording that waits for room on a worker tells `queued` itself. One whose worker
 * was lost after the call had ended is only finished, and so is one that ends before its page is open in the worker that has
 * taken it over. One that was handed over goes on at once. One that was paused before its first picture, or whose worker
 * was lost meanwhile, is paused as soon as its page is ready. Every state before the final ones may go back to `queued`:
 * the attempt failed and the job will be tried again, or another worker takes the job over.
 */
const NEXT: Readonly<Record<RecordingState, readonly RecordingState[]>> = {
  queued: ['queued', 'launching', 'recording', 'paused', 'finishing', 'failed', 'absent'],
  launching: ['loading', 'finishing', 'queued', 'failed', 'absent'],
  loading: ['waiting', 'finishing', 'queued', 'failed', 'absent'],
  waiting: ['recording', 'paused', 'finishing', 'queued', 'failed', 'absent'],
  recording: ['paused', 'finishing', 'queued', 'failed'],
  paused: ['recording', 'finishing', 'queued', 'failed'],
  finishing: ['ready', 'queued', 'failed', 'absent'],
  ready: [],
  failed: [],
  absent: [],
};

/** Whether a recording may go from one state to another. */
export function mayFollow(from: RecordingState, to: RecordingState): boolean {
  return NEXT[from].includes(to);
}

/** Whether nothing follows on a state. */
export function isFinal(state: RecordingState): boolean {
  return NEXT[state].length === 0;
}
