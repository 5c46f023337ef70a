import { createReadStream } from 'node:fs';
import type { PresignedStorageTarget } from '../../../shared/storages/storageTarget.ts';
import { RecordingError } from '../../recordingError.ts';
import { createRetrier } from '../objects/createRetrier.ts';
import { DAY_MS, IDLE_LIMIT_MS, type StoreLimits } from '../objects/objectStorage.ts';
import { namingFailure, StoreError } from '../objects/storeErrors.ts';
import { type SpoolFolders, spooledStorage } from '../spooledStorage.ts';
import type { NewFile, Storage } from '../storage.ts';
import type { Replaced, Upload, UploadSource } from '../upload.ts';
import { expiryOf } from './expiryOf.ts';
import { putTo } from './putTo.ts';

/** A whole recording is one request, which may take hours on a slow line. One on which nothing moves ends much earlier. */
const LONGEST_REQUEST_MS = 12 * 60 * 60_000;
/** The same request would always be refused: no other signature will come for it. */
const REFUSED_STATUSES = [301, 400, 401, 403, 405, 410, 411, 412, 413, 414, 415, 501];
/** These may be answered with 400 or 403, but pass. */
const PASSING = ['RequestTimeout', 'RequestTimeTooSkewed', 'SlowDown'];
const NEW_ADDRESS = 'name one that is valid until the recording is delivered';

/**
 * Stores each recording at an address that its store has signed, by one PUT when the recording is complete. Until then
 * it is on this machine only: such an address takes no parts. What is there already is replaced, and nothing can be asked.
 */
export function presignedStorage(
  { url }: PresignedStorageTarget,
  folders: SpoolFolders,
  limits: StoreLimits = {},
): Storage {
  const start = ({ mediaType }: NewFile) => presignedUpload(url, mediaType, limits);
  const uploads = {
    kind: 'presigned',
    start,
    resume: async (file: NewFile) => start(file),
    isOutdated: async () => false,
    restore: async () => null,
    stored: async () => null,
  };
  return spooledStorage(uploads, folders);
}

function presignedUpload(
  url: string,
  mediaType: string,
  { giveUpAfterMs = DAY_MS, idleLimitMs = IDLE_LIMIT_MS, agents = null }: StoreLimits,
): Upload {
  const location = withoutQuery(url);
  const notWritten = `${location} cannot be written`;
  const retrier = createRetrier(isHopeless, LONGEST_REQUEST_MS);
  const nothing = () => {};

  async function finish(source: UploadSource, totalBytes: number, replaced: Replaced): Promise<number> {
    const { bytes: from, front, tail } = replaced;
    const lengthBytes = front.byteLength + Math.max(0, totalBytes - from) + tail.byteLength;
    const body = async function* () {
      yield front;
      if (totalBytes > from) yield* createReadStream(source.partPath, { start: from, end: totalBytes - 1 });
      yield tail;
    };
    let isCareful = false;
    await retrier.run(async (signal) => {
      await source.checkOwner();
      const request = { url, mediaType, lengthBytes, isCareful, idleLimitMs, agents, signal };
      await putTo(request, body).catch((error) => {
        isCareful = !(error instanceof StoreError);
        throw isExpired(error, url)
          ? new RecordingError('storage_failed', expired(url), { cause: error })
          : error;
      });
    });
    return lengthBytes;
  }

  return {
    location,
    check: () =>
      namingFailure(notWritten, async () => {
        const expiry = expiryOf(url);
        if (expiry !== null && expiry <= Date.now()) throw new RecordingError('storage_failed', expired(url));
      }),
    goOn: nothing,
    follow: nothing,
    cutOff: nothing,
    state: () => ({}),
    waitingSince: retrier.waitingSince,
    finish: (source, totalBytes, replaced, confirmed) =>
      namingFailure(notWritten, async () => {
        retrier.giveUpAfter(giveUpAfterMs);
        await confirmed();
        return finish(source, totalBytes, replaced);
      }),
    stop: async () => retrier.stop(),
    abort: async () => retrier.stop(),
  };
}

/** The address without what nobody else may know: its query holds the signature. */
function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function isHopeless(error: unknown): boolean {
  if (error instanceof RecordingError) return true;
  return (
    error instanceof StoreError && REFUSED_STATUSES.includes(error.status) && !PASSING.includes(error.code)
  );
}

/** Stores refuse an expired address as they refuse one that is wrong, and say so in words of their own. */
function isExpired(error: unknown, url: string): boolean {
  if (!(error instanceof StoreError) || ![400, 401, 403].includes(error.status)) return false;
  const expiry = expiryOf(url);
  return (expiry !== null && expiry <= Date.now()) || /expire/i.test(`${error.code} ${error.message}`);
}

function expired(url: string): string {
  const expiry = expiryOf(url);
  const when = expiry === null ? '' : ` at ${new Date(expiry).toISOString()}`;
  return `the signed address has expired${when}; ${NEW_ADDRESS}`;
}
