import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, RecordingError } from '../../recordingError.ts';

/** Advice for the HTTP statuses that mean a wrong setting. */
const ADVICE: Readonly<Record<number, string>> = {
  301: 'the bucket is in another region; correct storage.region',
  403: 'access is denied; check the keys and what they may do with this bucket',
  404: 'the bucket does not exist; create it or correct storage.bucket',
};

/** Runs `send`. An error becomes storage_failed, and its message begins with `what` and says why. */
export async function namingFailure<T>(what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw new RecordingError('storage_failed', `${what}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  // If a host has several addresses and none answers, the message is empty, and only the error's name is
  // left.
  if (!(error instanceof S3ServiceException)) return messageOf(error) || String(error);
  const status = error.$metadata.httpStatusCode;
  const answer = `the store answered ${status ?? 'nothing'} (${error.name}: ${error.message})`;
  const advice = status === undefined ? undefined : ADVICE[status];
  return advice ? `${advice}; ${answer}` : answer;
}
