import { CompositorError } from '../client/api/compositorError.ts';
import { RecordingError } from '../recordingError.ts';

/** What a script learns from the commands about recordings. docs/client.md lists them. */
export const EXIT = {
  done: 0,
  /** Wrong usage, a refused request, or anything that has no code of its own. */
  failed: 1,
  /** There is no such recording, or no such call type. */
  notFound: 3,
  /** The key or the token is not valid, or may not do this. */
  notAllowed: 4,
  /** Neither the server nor Redis answers, or the server has a fault. */
  unreachable: 5,
  /** The recording that was waited for has failed. */
  recordingFailed: 6,
  /** The recording that was waited for ended before there was anything to record. */
  recordingAbsent: 7,
} as const;

/** The exit code that says what kind of error ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof RecordingError && error.code === 'queue_unreachable') return EXIT.unreachable;
  if (!(error instanceof CompositorError)) return EXIT.failed;
  const { status } = error;
  if (status === 401 || status === 403) return EXIT.notAllowed;
  if (status === 404) return EXIT.notFound;
  return status === null || (status >= 500 && status !== 501) ? EXIT.unreachable : EXIT.failed;
}
