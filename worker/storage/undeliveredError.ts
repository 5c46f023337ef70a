import { RecordingError } from '../recordingError.ts';

/** A file that could not be delivered, and is kept whole on this machine. */
export class UndeliveredError extends RecordingError {
  readonly keptPath: string;
  /** Whether the file is still as it was while it grew, because its disk lets nobody write. */
  readonly lacksEnding: boolean;

  constructor(
    reason: string,
    keptPath: string,
    { lacksEnding = false, ...options }: { cause?: unknown; lacksEnding?: boolean } = {},
  ) {
    super('storage_failed', `${reason}; the whole recording is kept at ${keptPath}`, options);
    this.name = 'UndeliveredError';
    this.keptPath = keptPath;
    this.lacksEnding = lacksEnding;
  }
}
