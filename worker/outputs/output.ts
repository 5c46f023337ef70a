import type { OutputRequest } from '../../shared/request/recordingRequest.ts';
import type { Written } from '../movie/movie.ts';
import type { RecordingError } from '../recordingError.ts';
import type { Sink, StoredFile } from '../storage/storage.ts';

/** What an output's file holds. */
export interface Content {
  readonly frames: number;
  readonly droppedFrames: number;
  readonly durationS: number;
}

/** A file that is stored. `content` is null where its worker was lost before it could note that. */
export interface StoredOutput extends StoredFile {
  readonly content: Content | null;
}

/** One output of a recording: what was asked for, and where it is written. */
export interface Output {
  readonly request: OutputRequest;
  readonly mediaType: string;
  /** null if its storage could not be opened, or its file is stored by another worker. */
  readonly sink: Sink | null;
  /** Why this output has failed, or null. The others may go on. */
  failure(): RecordingError | null;
  /** Marks the output as failed. Returns the error, or the earlier one if it had failed before. */
  fail(error: unknown): RecordingError;
  /** The file once it is stored, by this worker or by one before it; null until then. */
  stored(): StoredOutput | null;
  /** What its own file holds. Rejects if that cannot be read. */
  written(): Promise<Written>;
  /** Makes an ordinary file of what was written, and stores it. Throws storage_failed. */
  finish(content: Content): Promise<StoredFile>;
}
