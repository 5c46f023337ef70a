import type { RecordingWarning } from '../../../shared/events/recordingEvents.ts';
import { eventually } from '../eventually.ts';
import type { RecordingRun } from '../startCompositor.ts';

/** A call that is recorded, whatever it is made on. */
export interface LiveCall {
  readonly run: RecordingRun;
  /** One more person joins. */
  join(): Promise<unknown>;
  muteCameras(): Promise<unknown>;
  leaveAll(): Promise<unknown>;
}

/** What happens in a call while it is recorded. */
export interface Scene {
  /** How many people are there before the recording starts, and whether they have a camera at all. */
  readonly people: number;
  readonly hasCameras: boolean;
  play(call: LiveCall): Promise<unknown>;
  /** At which second of the recording, counted from the end if negative, how many people have a camera that is on. */
  readonly cameras: readonly (readonly [atS: number, count: number])[];
}

/** Names of scenes are the middle of a test's title. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'nobody comes': stay(0),
  'one person': stay(1),
  'three people': stay(3),
  'nine people': stay(9),
  'audio only': { ...stay(3), hasCameras: false, cameras: [[-0.7, 0]] },
  'two more come late': {
    ...stay(1),
    play: async ({ run, join }) => {
      await elapsed(run, 1.5);
      await Promise.all([join(), join()]);
      await stopAt(run, lastElapsed(run) + 4);
    },
    cameras: [
      [0.5, 1],
      [-0.7, 3],
    ],
  },
  'all cameras are muted': {
    ...stay(3),
    play: async ({ run, muteCameras }) => {
      await elapsed(run, 1.5);
      await muteCameras();
      await stopAt(run, lastElapsed(run) + 3);
    },
    cameras: [
      [0.5, 3],
      [-0.7, 0],
    ],
  },
  'all leave': {
    ...stay(3),
    play: async ({ run, leaveAll }) => {
      await elapsed(run, 1.5);
      await leaveAll();
    },
    cameras: [
      [0.5, 3],
      [-0.7, 0],
    ],
  },
};

/** The more people, the longer it takes until all are seen. */
function stay(people: number): Scene {
  const lengthS = people > 3 ? 10 : 4.2;
  return { people, hasCameras: true, play: ({ run }) => stopAt(run, lengthS), cameras: [[-0.7, people]] };
}

/** Seconds of the recording at its last progress event. */
export function lastElapsed({ events }: RecordingRun): number {
  const progress = events.findLast((event) => event.type === 'call.recording_progress');
  return progress?.type === 'call.recording_progress' ? progress.elapsed_s : 0;
}

/** Resolves once so many seconds are recorded. */
export function elapsed(run: RecordingRun, seconds: number): Promise<unknown> {
  const isReached = () => {
    const end = run.events.find((event) => 'result' in event);
    if (end && lastElapsed(run) < seconds) throw new Error(`it ended before: ${JSON.stringify(end)}`);
    return lastElapsed(run) >= seconds;
  };
  return eventually(`${seconds} s are recorded`, isReached, { withinMs: 60_000 });
}

export async function stopAt(run: RecordingRun, seconds: number): Promise<void> {
  await elapsed(run, seconds);
  await run.stop();
}

/** Ends the recording as soon as a warning with this code has been published. */
export async function stopOnceWarned(run: RecordingRun, code: RecordingWarning['code']): Promise<void> {
  const isWarned = () =>
    run.events.some((event) => event.type === 'call.recording_warning' && event.warning.code === code);
  await eventually(`a warning ${code} is published`, isWarned, { withinMs: 60_000 });
  await run.stop();
}
