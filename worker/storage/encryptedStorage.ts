import { createReadStream } from 'node:fs';
import { hostname } from 'node:os';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Encrypter } from 'age-encryption';
import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import { messageOf, RecordingError } from '../recordingError.ts';
import { type GrowingFile, openGrowingFile, resumeGrowingFile } from './growingFile.ts';
import type { Confirmed, NewFile, Sink, Storage, StoredFile, UnfinishedFile } from './storage.ts';
import { UndeliveredError } from './undeliveredError.ts';

/** So much is encrypted at a time, and so much is written at a time, in bytes. */
const READ_BYTES = 64 * 1024;
const WRITE_BYTES = 1024 * 1024;

/**
 * Stores recordings in `target` as files of the age format (https://age-encryption.org/v1), which only the owners of the
 * recipients' keys can read. A recording grows in `folder`, where only the worker's own user can read it. It is encrypted
 * when it is complete, on its way to the target, and removed when the target has it.
 */
export function encryptedStorage(target: Storage, folder: string, recipients: readonly string[]): Storage {
  return {
    open: async (newFile) => {
      const encryptedFile = await unfinishedAt(target, newFile);
      const file = await openGrowingFile(folder, newFile.key, 'owner');
      const deliver: Deliver = async () => target.open(encryptedFile);
      return encryptingSink(file, newFile, encryptedFile, { deliver, recipients });
    },
    resume: async (unfinished) => {
      const encryptedFile = encryptedIn(unfinished);
      const file = await resumeGrowingFile(folder, unfinished.key);
      const deliver: Deliver = () => deliverAnew(target, encryptedFile);
      return encryptingSink(file, unfinished, encryptedFile, { deliver, recipients });
    },
    stored: (unfinished) => target.stored(encryptedIn(unfinished)),
  };
}

/** Throws InvalidRequestError where one of them is no key that something can be encrypted to. */
export async function refuseBadRecipients(recipients: readonly string[]): Promise<void> {
  for (const [at, recipient] of recipients.entries()) {
    try {
      await encrypterTo([recipient]);
    } catch (error) {
      const message = `is not the public key of an age identity: ${messageOf(error)}`;
      throw new InvalidRequestError([{ path: `encryption.recipients.${at}`, message }], { cause: error });
    }
  }
}

/** The library is loaded only if it is needed, because it takes memory that most workers would never use. */
async function encrypterTo(recipients: readonly string[]): Promise<Encrypter> {
  const age = await import('age-encryption');
  const encrypter = new age.Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return encrypter;
}

/** Opens the sink of the encrypted file, which is empty; or finds that the file is stored. */
type Deliver = () => Promise<Sink | StoredFile>;

/** Finds out whether the target takes the file, and how it would be gone on with. */
async function unfinishedAt(target: Storage, { key }: NewFile): Promise<UnfinishedFile> {
  const sink = await target.open({ key: `${key}.age`, mediaType: 'application/octet-stream' });
  const unfinished = sink.unfinished();
  await sink.abort();
  return unfinished;
}

function encryptedIn({ key, encrypted }: UnfinishedFile): UnfinishedFile {
  if (typeof encrypted === 'object' && encrypted !== null && 'key' in encrypted)
    return encrypted as UnfinishedFile;
  throw new RecordingError('storage_failed', `${key} was begun without encryption`);
}

/** A worker that was lost may have delivered the file, or a part of it, which is of no use: each delivery has its own key. */
async function deliverAnew(target: Storage, file: UnfinishedFile): Promise<Sink | StoredFile> {
  const stored = await target.stored(file).catch(() => null);
  if (stored) return stored;
  const sink = await target.resume(file).catch(() => target.open(file));
  await sink.truncate(0);
  return sink;
}

function encryptingSink(
  file: GrowingFile,
  { key, mediaType }: NewFile,
  encrypted: UnfinishedFile,
  { deliver, recipients }: { readonly deliver: Deliver; readonly recipients: readonly string[] },
): Sink {
  const { partPath } = file;
  let delivering: Sink | null = null;

  async function store(sink: Sink, confirmed: Confirmed | undefined): Promise<StoredFile> {
    delivering = sink;
    try {
      await encryptInto(sink, partPath, recipients);
      await file.checkOwner();
      return await sink.finish(null, confirmed);
    } catch (error) {
      await sink.abort().catch(() => {}); // the caller needs the first error
      throw error;
    }
  }

  return {
    localPath: partPath,
    settledBytes: 0,
    write: (bytes, position) => file.write(bytes, position),
    truncate: file.truncate,
    sizeBytes: file.sizeBytes,
    unfinished: () => ({ key, mediaType, kind: 'encrypted', partPath, machine: hostname(), encrypted }),
    keepManifest: file.keepManifest,
    waitingSince: () => delivering?.waitingSince() ?? null,
    finish: async (ending, confirmed) => {
      try {
        if (ending) await file.end(ending);
        const to = await deliver();
        const stored = 'location' in to ? to : await store(to, confirmed);
        await file.drop();
        return stored;
      } catch (error) {
        // What could not be delivered is kept whole, and encrypted.
        await (error instanceof UndeliveredError ? file.drop() : file.close());
        throw error;
      }
    },
    close: async () => {
      await delivering?.close();
      await file.close();
    },
    abort: file.drop,
  };
}

async function encryptInto(sink: Sink, path: string, recipients: readonly string[]): Promise<void> {
  const encrypter = await encrypterTo(recipients);
  const plain = createReadStream(path, { highWaterMark: READ_BYTES });
  const encrypted = await encrypter.encrypt(Readable.toWeb(plain) as globalThis.ReadableStream<Uint8Array>);
  let position = 0;
  for await (const bytes of inPiecesOf(WRITE_BYTES, encrypted as unknown as ReadableStream<Uint8Array>)) {
    await sink.write(bytes, position);
    position += bytes.byteLength;
  }
}

/** The bytes of a stream in pieces of at least this length, but for the last. */
async function* inPiecesOf(
  leastBytes: number,
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part);
    length += part.byteLength;
    if (length < leastBytes) continue;
    yield Buffer.concat(parts);
    parts = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(parts);
}
