import { lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import { targetsOf } from '../../shared/request/targetsOf.ts';
import type {
  LocalStorageTarget,
  S3StorageTarget,
  StorageTarget,
} from '../../shared/storages/storageTarget.ts';

/** Where the operator lets jobs store recordings. */
export interface AllowedPlaces {
  readonly recordingsDir: string;
  /** Folders beside it. */
  readonly localDirs: readonly string[];
  /** Origins of S3 servers, besides AWS, that the worker may show its own credentials to. */
  readonly s3Endpoints: readonly string[];
  /** Buckets that jobs may write to with the worker's own credentials, each with or without a prefix; null for any. */
  readonly s3Buckets: readonly string[] | null;
}

/** Folders of the worker in which files that are not stored yet lie. */
const OWN_FOLDERS = ['.uploading', '.encrypting', '.transcribing', 'undelivered'];

/**
 * Throws InvalidRequestError where a job would store outside the folders that are open to jobs, or would use the worker's
 * own credentials for a server or a bucket that the operator has not named.
 */
export async function refuseForeignPlaces(
  request: Parameters<typeof targetsOf>[0],
  allowed: AllowedPlaces,
): Promise<void> {
  for (const { path, target } of targetsOf(request)) {
    const message = await problemOf(target, allowed);
    if (message) throw new InvalidRequestError([{ path, message }]);
  }
}

function problemOf(target: StorageTarget, allowed: AllowedPlaces): Promise<string | null> | string | null {
  if (target.kind === 's3') return s3Problem(target, allowed);
  // The others are reached with what the job brings.
  return target.kind === 'local' ? folderProblem(target, allowed) : null;
}

function s3Problem(target: S3StorageTarget, { s3Endpoints, s3Buckets }: AllowedPlaces): string | null {
  const { accessKeyId, endpoint, bucket, prefix } = target;
  if (accessKeyId !== null) return null;
  if (endpoint !== null && !s3Endpoints.includes(new URL(endpoint).origin))
    return 'has an endpoint, but neither access_key_id nor secret_access_key: the worker shows its own credentials only to endpoints of COMPOSITOR_S3_ENDPOINTS';
  const isListed = (listed: string) => `${bucket}/${prefix}/`.startsWith(`${listed.replace(/\/$/, '')}/`);
  if (s3Buckets === null || s3Buckets.some(isListed)) return null;
  return `has neither access_key_id nor secret_access_key, and the bucket "${bucket}" with this prefix is none of COMPOSITOR_S3_BUCKETS, to which jobs may write with the worker's own credentials`;
}

async function folderProblem(
  { directory }: LocalStorageTarget,
  { recordingsDir, localDirs }: AllowedPlaces,
): Promise<string | null> {
  if (directory === null) return null;
  if (directory.includes('\0')) return 'directory holds a character that no path has';
  const own = await realPathOf(resolve(recordingsDir));
  const asked = await realPathOf(resolve(recordingsDir, directory));
  const others = await Promise.all(localDirs.map((folder) => realPathOf(resolve(folder))));
  if (asked === null || ![own, ...others].some((folder) => folder !== null && isIn(folder, asked)))
    return 'directory is outside the folder of recordings, and COMPOSITOR_LOCAL_DIRS does not allow it';
  const [top = ''] = own === null ? [] : relative(own, asked).split(sep);
  return OWN_FOLDERS.includes(top) ? `directory is "${top}", which the worker uses itself` : null;
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : `${folder}${sep}`);
}

/** Where a path leads, also one of which only a beginning exists; null where a link in it leads to nothing. */
async function realPathOf(path: string): Promise<string | null> {
  try {
    return await realpath(path);
  } catch {
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isThere || dirname(path) === path) return null;
    const parent = await realPathOf(dirname(path));
    return parent && join(parent, basename(path));
  }
}
