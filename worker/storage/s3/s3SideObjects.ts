import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import { statusOf } from './s3Errors.ts';

const OWNER = 'owner';

/** Small objects beside an object that is not complete. They throw the SDK's errors. */
export interface S3SideObjects {
  put(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  get(name: string, signal: AbortSignal): Promise<Buffer>;
  /** The names of all of them but the owner, in order. */
  names(signal: AbortSignal): Promise<string[]>;
  remove(name: string, signal: AbortSignal): Promise<void>;
  /**
   * Whether the process with that token has taken the upload over last; null stands for the one that began it.
   * Whoever may not read the bucket is taken to be the owner, because nobody can go on without reading it.
   */
  isOwner(token: string | null, signal: AbortSignal): Promise<boolean>;
  takeOwnership(token: string, signal: AbortSignal): Promise<void>;
  /** Removes them all, the owner last. */
  removeAll(signal: AbortSignal): Promise<void>;
}

/** The objects below `<key>.unfinished/`. */
export function s3SideObjects(client: S3Client, bucket: string, key: string): S3SideObjects {
  const prefix = `${key}.unfinished/`;
  const at = (name: string) => ({ Bucket: bucket, Key: `${prefix}${name}` });

  async function get(name: string, abortSignal: AbortSignal): Promise<Buffer> {
    const { Body } = await client.send(new GetObjectCommand(at(name)), { abortSignal });
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  }

  async function put(name: string, Body: Uint8Array, abortSignal: AbortSignal): Promise<void> {
    await client.send(new PutObjectCommand({ ...at(name), Body }), { abortSignal });
  }

  async function remove(name: string, abortSignal: AbortSignal): Promise<void> {
    await client.send(new DeleteObjectCommand(at(name)), { abortSignal });
  }

  async function names(abortSignal: AbortSignal): Promise<string[]> {
    const found: string[] = [];
    for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      abortSignal.throwIfAborted();
      for (const { Key } of page.Contents ?? []) found.push(String(Key).slice(prefix.length));
    }
    return found.filter((name) => name !== OWNER).sort();
  }

  return {
    put,
    get,
    names,
    remove,
    isOwner: async (token, signal) => {
      try {
        return (await get(OWNER, signal)).toString() === token;
      } catch (error) {
        if (statusOf(error) === 404) return token === null;
        if (statusOf(error) === 403) return true;
        throw error;
      }
    },
    takeOwnership: (token, signal) => put(OWNER, Buffer.from(token), signal),
    removeAll: async (signal) => {
      for (const name of await names(signal)) await remove(name, signal);
      await remove(OWNER, signal);
    },
  };
}
