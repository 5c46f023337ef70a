import { RecordingError } from '../recordingError.ts';

/** What was recorded of a file cannot be reached from this machine. */
export class OutOfReachError extends RecordingError {
  /** Whether it may be within reach later, because the store has not answered. */
  readonly mayPass: boolean;

  constructor(message: string, mayPass: boolean, options?: { cause?: unknown }) {
    super('storage_failed', message, options);
    this.name = 'OutOfReachError';
    this.mayPass = mayPass;
  }
}
