import { RecordingError } from '../recordingError.ts';

/** A file that could not be delivered, and is kept whole on this machine. */
export class UndeliveredError extends RecordingError {
  readonly keptPath: string;

  constructor(reason: string, keptPath: string, options?: { cause?: unknown }) {
    super('storage_failed', `${reason}; the whole recording is kept at ${keptPath}`, options);
    this.name = 'UndeliveredError';
    this.keptPath = keptPath;
  }
}
