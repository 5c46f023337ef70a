import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type { EndReason } from '../../shared/events/recordingEvents.ts';
import type { PictureCounts } from '../../shared/recorder/recorderMessages.ts';
import { bootId, monotonicMs } from '../machineClock.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import type { KeptLayout } from '../page/layoutInUse.ts';
import type { JournalSoFar } from './journal.ts';

/**
 * Everything that another worker needs to go on with a recording, or to finish it. It is JSON. Times in seconds
 * are those of the recording.
 */
export interface RecordingManifest extends JournalSoFar {
  readonly version: 1;
  readonly recordingId: string;
  readonly startedAt: StartOfTimeline;
  /** How much of the time since then was paused and left out of the files. An older worker does not tell. */
  readonly skippedMs?: number;
  /**
   * The layout that the recording was told to have. Absent where it was not changed, from an older worker, and in the copies
   * beside the files: the addresses of stylesheets may carry tokens, and others may read what is in a bucket.
   */
  readonly layout?: KeptLayout;
  /** Whether the browser draws the videos, whatever the job asks for: composing has failed too often. Absent where not. */
  readonly draws?: boolean;
  /** In the order of the job's outputs. */
  readonly outputs: ReturnType<Outputs['unfinished']>;
  /** The pictures of each encoding in the segments that are complete. */
  readonly counts: readonly PictureCounts[];
  /** null while the call is recorded. Afterwards only the delivery is left, for which no browser is needed. */
  readonly ended: EndOfTimeline | null;
}

/** The instant of the first picture. */
export interface StartOfTimeline {
  readonly unixMs: number;
  /** On the monotonic clock of the machine, which counts from the start of the machine with this id. */
  readonly monotonicMs: number;
  readonly bootId: string;
}

/** How the recording of a call ended, before its files are delivered. */
export interface EndOfTimeline {
  readonly reason: EndReason | ErrorCode;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  readonly endedAtUnixMs: number;
  readonly durationS: number;
}

/**
 * When a recording started, on the monotonic clock of this machine as it runs now. The wall clock is asked only
 * where the start was on another machine, or before this machine was started anew. It may be wrong, but the start is
 * at least as long ago as what is written lasts.
 */
export function startOnThisMachine(
  startedAt: StartOfTimeline,
  nowUnixMs: number,
  writtenMs: number,
): StartOfTimeline {
  if (startedAt.bootId !== '' && startedAt.bootId === bootId()) return startedAt;
  const elapsedMs = Math.max(nowUnixMs - startedAt.unixMs, writtenMs);
  return { unixMs: startedAt.unixMs, monotonicMs: monotonicMs() - elapsedMs, bootId: bootId() };
}
