import type { CaptureState } from '../capture/captureState.ts';
import type { Snapshot } from './snapshot.ts';
import { leaveOut, type TabObservations } from './tabObservations.ts';

/** A recording is looked at ten times a second. After a pause this long, the machine or the worker was suspended. */
const SUSPENDED_MS = 3_000;

/**
 * Makes the function that gathers what the judges may look at. Time in which this process did not run counts for
 * no judge.
 */
export function createLook(
  observations: TabObservations,
  nowMs: () => number,
  more: () => Omit<Snapshot, 'nowMs' | 'tab' | 'recorderUnheardForS' | 'recordedForS'>,
): () => Snapshot {
  let lookedAtMs: number | null = null;
  const recorder = listenToRecorder();
  return () => {
    const now = nowMs();
    const pausedMs = lookedAtMs === null ? 0 : now - lookedAtMs;
    lookedAtMs = now;
    const sleptMs = pausedMs > SUSPENDED_MS ? pausedMs : 0;
    leaveOut(observations, sleptMs);
    const known = more();
    return { nowMs: now, tab: observations, ...known, ...recorder(known.capture, now, sleptMs) };
  };
}

/** Makes the function that tells for how long the recorder page has recorded, and for how long it has told nothing. */
function listenToRecorder() {
  let newest: CaptureState['stats'] | null = null;
  let heardAtMs = 0;
  let begunAtMs: number | null = null;
  let known: CaptureState['begun'] = null;
  return ({ stats, begun }: CaptureState, nowMs: number, sleptMs: number) => {
    heardAtMs = stats === newest ? heardAtMs + sleptMs : nowMs;
    newest = stats;
    // It begins anew after a pause.
    if (begun !== known) begunAtMs = nowMs;
    known = begun;
    return {
      recorderUnheardForS: (nowMs - heardAtMs) / 1000,
      recordedForS: begun === null || begunAtMs === null ? 0 : begun.fromS + (nowMs - begunAtMs) / 1000,
    };
  };
}
