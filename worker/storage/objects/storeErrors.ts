import { messageOf, RecordingError } from '../../recordingError.ts';

/** Advice for the HTTP statuses that mean a wrong setting. */
const ADVICE: Readonly<Record<number, string>> = {
  301: 'the bucket is in another region; correct storage.region',
  401: 'the credentials are not accepted; check them',
  403: 'access is denied; check the keys and what they may do with this bucket',
  404: 'the bucket does not exist; create it or correct storage.bucket',
};
/** The store no longer knows the upload, or parts of it. */
const LOST = ['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'InvalidBlockList'];
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

/** What a store answered instead of doing what it was asked. */
interface Answer {
  /** The HTTP status; undefined if it did not answer. */
  readonly status: number | undefined;
  /** The store's own name of the error, such as `NoSuchUpload`. */
  readonly code: string;
  readonly message: string;
}

/** An error of a store whose client throws none that are known here. */
export class StoreError extends Error implements Answer {
  readonly status: number;
  readonly code: string;

  constructor({ status, code, message }: Answer & { readonly status: number }, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.status = status;
    this.code = code;
  }
}

interface AwsError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** Which right is missing, where Google says so. */
  readonly Details?: unknown;
}

/** null for an error that is no answer of a store. The SDK of AWS is not loaded to know its errors by their class. */
function answerOf(error: unknown): Answer | null {
  if (error instanceof StoreError) return error;
  if (!(error instanceof Error) || !('$fault' in error)) return null;
  const { $metadata, name, message, Details } = error as AwsError;
  const told = typeof Details === 'string' ? `${message} ${Details}` : message;
  return { status: $metadata?.httpStatusCode, code: name, message: told };
}

/** The HTTP status with which the store answered, or undefined if it did not. */
export function statusOf(error: unknown): number | undefined {
  return answerOf(error)?.status;
}

/** Whether the parts that were sent are lost, so that the upload has to begin anew. */
export function isUploadLost(error: unknown): boolean {
  return isOneOf(error, LOST);
}

/** Whether the store does not take the parts as they are: it has lost one, or wants them to be equally long. */
export function isPartRefused(error: unknown): boolean {
  return isOneOf(error, ['InvalidPart']);
}

function isOneOf(error: unknown, codes: readonly string[]): boolean {
  return codes.includes(answerOf(error)?.code ?? '');
}

/** Whether the same request would fail again, however often it is tried. */
export function isHopeless(error: unknown): boolean {
  if (error instanceof RecordingError || isUploadLost(error)) return true;
  return REFUSED_STATUSES.includes(statusOf(error) ?? 0) && !isOneOf(error, PASSING);
}

/** Whether the store takes the credentials for wrong or expired. */
export function areCredentialsRefused(error: unknown): boolean {
  return isOneOf(error, CREDENTIALS);
}

/** Whether the key may not do this. */
export function isDenied(error: unknown): boolean {
  return statusOf(error) === 403 && !isOneOf(error, PASSING);
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
  const answer = answerOf(error);
  if (answer === null) return messageOf(error) || String(error);
  const { status, code, message } = answer;
  const told = `the store answered ${status ?? 'nothing'} (${code}: ${message})`;
  const advice = status === undefined ? undefined : ADVICE[status];
  return advice ? `${advice}; ${told}` : told;
}
