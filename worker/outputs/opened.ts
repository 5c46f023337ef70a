import type { OutputRequest } from '../../shared/request/recordingRequest.ts';
import type { Movie } from '../movie/movie.ts';
import type { RecordingError } from '../recordingError.ts';
import type { Sink } from '../storage/storage.ts';
import type { StoredOutput } from './output.ts';

/** An output whose storage has been asked for its sink. */
export interface Opened {
  readonly request: OutputRequest;
  readonly sink: Sink | null;
  failure: RecordingError | null;
  /** Resolves to what its file holds. It is null until the files of the encoding have been read or begun. */
  movie: (() => Promise<Movie>) | null;
  /** The file if it is stored already, by another worker. */
  readonly stored: StoredOutput | null;
}
