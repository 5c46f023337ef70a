import { S3ServiceException } from '@aws-sdk/client-s3';
import { messageOf, RecordingError } from '../../recordingError.ts';

/** Advice for the HTTP statuses that mean a wrong setting. */
const ADVICE: Readonly<Record<number, string>> = {
  301: 'the bucket is in another region; correct storage.region',
  403: 'access is denied; check the keys and what they may do with this bucket',
  404: 'the bucket does not exist; create it or correct storage.bucket',
};
/** The store no longer knows the upload, or parts of it. */
const LOST = ['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder'];
/** The same request would always be refused: it is wrong, or not known to the server. */
const REFUSED_STATUSES = [400, 405, 411, 413, 414, 501];
/** The store does not know the credentials, or no longer. */
const CREDENTIALS = [
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
];
/** These may be answered with 400 or 403, but pass: credentials can be renewed, and a clock can be set. */
const PASSING = [...CREDENTIALS, 'RequestTimeout', 'RequestTimeTooSkewed', 'SlowDown'];
/** Names of network errors that mean a wrong address. */
const WRONG_ADDRESS = ['ENOTFOUND', 'ERR_INVALID_URL'];

/** The HTTP status with which the store answered, or undefined if it did not. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** Whether the parts that were sent are lost, so that the upload has to begin anew. */
export function isUploadLost(error: unknown): boolean {
  return error instanceof S3ServiceException && LOST.includes(error.name);
}

/** Whether the store does not take the parts as they are: it has lost one, or wants them to be equally long. */
export function isPartRefused(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'InvalidPart';
}

/** Whether the same request would fail again, however often it is tried. */
export function isHopeless(error: unknown): boolean {
  if (error instanceof RecordingError || isUploadLost(error)) return true;
  return REFUSED_STATUSES.includes(statusOf(error) ?? 0) && !PASSING.includes((error as Error).name);
}

/** Whether the store takes the credentials for wrong or expired. */
export function areCredentialsRefused(error: unknown): boolean {
  return error instanceof S3ServiceException && CREDENTIALS.includes(error.name);
}

/** Whether the key may not do this. */
export function isDenied(error: unknown): boolean {
  return statusOf(error) === 403 && !PASSING.includes((error as Error).name);
}

/** Whether the store could not be asked: it is down, or does not answer in time. */
export function isDown(error: unknown): boolean {
  if (error instanceof RecordingError) return false;
  const status = statusOf(error);
  if (status !== undefined) return status >= 500 || status === 429;
  const { code, name } = error as NodeJS.ErrnoException;
  if (WRONG_ADDRESS.includes(code ?? '')) return false;
  return code !== undefined || name === 'TimeoutError' || name === 'AbortError';
}

/** Runs `send`. An error becomes storage_failed, and its message begins with `what` and says why. */
export async function namingFailure<T>(what: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw new RecordingError('storage_failed', `${what}: ${reasonOf(error)}`, { cause: error });
  }
}

/** Why a request failed, for the person who reads it. */
export function reasonOf(error: unknown): string {
  // If a host has several addresses and none answers, the message is empty, and only the error's name is
  // left.
  if (!(error instanceof S3ServiceException)) return messageOf(error) || String(error);
  const status = error.$metadata.httpStatusCode;
  const answer = `the store answered ${status ?? 'nothing'} (${error.name}: ${error.message})`;
  const advice = status === undefined ? undefined : ADVICE[status];
  return advice ? `${advice}; ${answer}` : answer;
}
