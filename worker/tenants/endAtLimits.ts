import type { EndReason } from '../../shared/events/recordingEvents.ts';
import type { Cleanup } from '../cleanup.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';

const LOOK_EVERY_MS = 1_000;

/** What a tenant may still use, as far as one recording is concerned. */
export interface Allowance {
  /** The most that its files may hold together; null where there is no limit. */
  readonly sizeBytes: number | null;
  /** Throws tenant_limit where no recording may begin. */
  refuseIfUsedUp(): Promise<void>;
  /** Notes how long the recording is, and when it began. Resolves to whether it must end now. */
  noteLength(startedAtUnixMs: number, elapsedS: number): Promise<boolean>;
}

/** A recording, as far as its limits are concerned. */
export interface LimitedRecording {
  /** null before its first picture. */
  startedAtUnixMs(): number | null;
  elapsedS(): number;
  sizeBytes(): number;
}

/** A signal that is aborted as `stop` is, or with the limit that the recording has reached as its reason. */
export interface LimitedStop {
  readonly signal: AbortSignal;
  /** Looks no more, and notes how long the recording was. It does not wait for Redis. */
  over(): void;
}

/** Looks once a second whether a recording has reached a limit of its tenant, until the cleanup. */
export function endAtLimits(
  stop: AbortSignal,
  recording: LimitedRecording,
  allowance: Allowance,
  { cleanup, log }: { readonly cleanup: Cleanup; readonly log: Logger },
): LimitedStop {
  const limited = new AbortController();
  const end = (reason: EndReason) => limited.abort(reason);
  let isNoting = false;

  function noteLength(): void {
    const startedAtUnixMs = recording.startedAtUnixMs();
    if (startedAtUnixMs === null || isNoting) return; // Redis is away
    isNoting = true;
    allowance
      .noteLength(startedAtUnixMs, recording.elapsedS())
      .then((isUsedUp) => isUsedUp && end('tenant_minutes'))
      .catch((error) => log.warn({ reason: messageOf(error) }, 'the minutes of the tenant are not noted'))
      .finally(() => {
        isNoting = false;
      });
  }

  const timer = setInterval(() => {
    if (allowance.sizeBytes !== null && recording.sizeBytes() >= allowance.sizeBytes) end('max_size');
    noteLength();
  }, LOOK_EVERY_MS);
  cleanup.defer('stop watching the limits of the tenant', () => clearInterval(timer));
  return {
    signal: AbortSignal.any([stop, limited.signal]),
    over: () => {
      clearInterval(timer);
      noteLength();
    },
  };
}
