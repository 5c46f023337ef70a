import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type SideObjects, sideObjects } from '../objects/sideObjects.ts';
import { statusOf } from '../objects/storeErrors.ts';

/** S3 takes so many names in one request. */
const REMOVED_AT_ONCE = 1000;

/** The objects below `folder`, which ends with a slash. */
export function s3SideObjects(client: S3Client, bucket: string, folder: string): SideObjects {
  const at = (name: string) => ({ Bucket: bucket, Key: `${folder}${name}` });

  async function get(name: string, abortSignal: AbortSignal): Promise<Buffer> {
    const { Body } = await client.send(new GetObjectCommand(at(name)), { abortSignal });
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async function put(name: string, Body: Uint8Array, abortSignal: AbortSignal): Promise<void> {
    await client.send(new PutObjectCommand({ ...at(name), Body }), { abortSignal });
  }

  async function names(abortSignal: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: folder })) {
      abortSignal.throwIfAborted();
      for (const { Key } of page.Contents ?? []) found.push(String(Key).slice(folder.length));
    }
    return found;
  }

  async function remove(removed: readonly string[], abortSignal: AbortSignal): Promise<void> {
    for (let from = 0; from < removed.length; from += REMOVED_AT_ONCE) {
      const some = removed.slice(from, from + REMOVED_AT_ONCE);
      try {
        const Objects = some.map((name) => ({ Key: at(name).Key }));
        const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
        const { Errors = [] } = await client.send(command, { abortSignal });
        if (Errors.length === 0) continue;
      } catch (error) {
        // A server may not know the request, or may refuse it for a checksum that it does not know.
        if (!(error instanceof S3ServiceException) || statusOf(error) === 403) throw error;
      }
      for (const name of some) await removeOne(name, abortSignal);
    }
  }

  /** Some servers refuse to delete what is not there. */
  async function removeOne(name: string, abortSignal: AbortSignal): Promise<void> {
    try {
      await client.send(new DeleteObjectCommand(at(name)), { abortSignal });
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  }

  return sideObjects({ put, get, names, remove });
}
