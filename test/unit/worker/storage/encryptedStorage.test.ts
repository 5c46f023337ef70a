import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { encryptedStorage, refuseBadRecipients } from '../../../../worker/storage/encryptedStorage.ts';
import { folderStorage } from '../../../../worker/storage/folderStorage.ts';
import { s3Storage } from '../../../../worker/storage/s3/s3Storage.ts';
import type { Sink, Storage } from '../../../../worker/storage/storage.ts';
import { UndeliveredError } from '../../../../worker/storage/undeliveredError.ts';
import { decryptWithAge } from '../../../support/decryptWithAge.ts';
import { s3Missing } from '../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../support/startS3Place.ts';

const FILE = { key: 'calls/a.mp4', mediaType: 'video/mp4' };
/** It is nowhere but in the plain file. */
const PLAIN = 'a picture of a person in a call';
/** Longer than a piece that is written at once, and no multiple of a chunk of age. */
const BYTES = Buffer.from(PLAIN.repeat(100_000));

let root: string;
let identity: string;
let recipient: string;

beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await identityToRecipient(identity);
});

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-encrypted-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

const own = () => join(root, '.encrypting');
const target = () => join(root, 'target');
const opened = (to: Storage = folderStorage(target())) => encryptedStorage(to, own(), [recipient]);
const decrypt = (path: string, of = identity) => decryptWithAge(path, of);

async function write(sink: Sink): Promise<void> {
  for (let at = 0; at < BYTES.byteLength; at += 500_000)
    await sink.write(BYTES.subarray(at, at + 500_000), at);
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function holdsPlain(folder: string): Promise<boolean> {
  const contents = await Promise.all((await filesIn(folder)).map((path) => readFile(path)));
  return contents.some((bytes) => bytes.includes(PLAIN));
}

describe('a recording that is encrypted to a key', () => {
  test('is stored as a file that age opens, and nothing plain is left', async () => {
    const sink = await opened().open(FILE);
    await write(sink);
    const stored = await sink.finish(null);
    expect(stored.location).toBe(join(target(), 'calls/a.mp4.age'));
    expect(stored.sizeBytes).toBe((await stat(stored.location)).size);
    expect((await decrypt(stored.location)).equals(BYTES)).toBe(true);
    expect(await filesIn(own())).toEqual([]);
    expect(await holdsPlain(root)).toBe(false);
  });

  test('is in the folder of the target only when it is encrypted, and before that only for its own user', async () => {
    const sink = await opened().open(FILE);
    await write(sink);
    expect(await filesIn(target())).toEqual([]);
    expect((await stat(sink.localPath)).mode & 0o077).toBe(0);
    expect(await holdsPlain(own())).toBe(true);
    await sink.abort();
    expect(await filesIn(root)).toEqual([]);
  });

  test('can be opened by each of several recipients, and by nobody else', async () => {
    const [other, stranger] = [await generateX25519Identity(), await generateX25519Identity()];
    const storage = encryptedStorage(folderStorage(target()), own(), [
      recipient,
      await identityToRecipient(other),
    ]);
    const sink = await storage.open(FILE);
    await write(sink);
    const { location } = await sink.finish(null);
    for (const one of [identity, other]) expect((await decrypt(location, one)).equals(BYTES)).toBe(true);
    await expect(decrypt(location, stranger)).rejects.toThrow();
  });

  test('is refused before anything is recorded where the target does not take it', async () => {
    await writeFile(join(root, 'file'), '');
    await expect(opened(folderStorage(join(root, 'file'))).open(FILE)).rejects.toMatchObject({
      code: 'storage_failed',
    });
    const sink = await opened().open(FILE);
    await sink.finish(null);
    await expect(opened().open(FILE)).rejects.toThrow('exists already');
  });

  test.each([
    ['while it was recorded', async () => {}],
    [
      'while it was delivered',
      async () => {
        const sink = await folderStorage(target()).open({ ...FILE, key: `${FILE.key}.age` });
        await sink.write(Buffer.alloc(5_000_000, 'x'), 0);
        await sink.close();
      },
    ],
  ])('is finished by another process where the one before was lost %s', async (_, leave) => {
    const lost = await opened().open(FILE);
    await write(lost);
    const unfinished = JSON.parse(JSON.stringify(lost.unfinished()));
    await lost.close();
    await leave();
    const sink = await opened().resume(unfinished);
    expect(sink.sizeBytes()).toBe(BYTES.byteLength);
    const { location } = await sink.finish(null);
    expect((await decrypt(location)).equals(BYTES)).toBe(true);
    expect(await filesIn(root)).toEqual([location]);
  });

  test('is told of where the process before was lost after it had delivered it', async () => {
    const lost = await opened().open(FILE);
    await write(lost);
    const unfinished = lost.unfinished();
    await lost.close();
    const copy = await readFile(lost.localPath);
    const stored = await (await opened().resume(unfinished)).finish(null);
    expect(await opened().stored(unfinished)).toEqual(stored);
    await writeFile(lost.localPath, copy); // it was not removed yet
    const again = await (await opened().resume(unfinished)).finish(null);
    expect(again).toEqual(stored);
    expect(await filesIn(root)).toEqual([stored.location]);
  });

  test('that cannot be delivered is kept, in plain only where it is not kept whole and encrypted', async () => {
    const failing = (error: Error): Storage => {
      const real = folderStorage(target());
      const failed = async () => {
        throw error;
      };
      return { ...real, open: async (file) => ({ ...(await real.open(file)), finish: failed }) };
    };
    const undelivered = await opened(failing(new UndeliveredError('down', '/kept.age'))).open(FILE);
    await write(undelivered);
    await expect(undelivered.finish(null)).rejects.toThrow('/kept.age');
    expect(await holdsPlain(root)).toBe(false);
    const sink = await opened(failing(new Error('full'))).open(FILE);
    await write(sink);
    await expect(sink.finish(null)).rejects.toThrow('full');
    expect((await readFile(sink.localPath)).equals(BYTES)).toBe(true);
    expect(await holdsPlain(target())).toBe(false);
  });
});

test('a recipient with a typing error is refused', async () => {
  const wrong = `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`;
  await refuseBadRecipients([recipient]);
  await expect(refuseBadRecipients([recipient, wrong])).rejects.toMatchObject({
    name: 'InvalidRequestError',
    problems: [{ path: 'encryption.recipients.1' }],
  });
});

if (s3Missing) console.warn(`SKIPPED: encryption for a bucket (${s3Missing})`);

describe.skipIf(s3Missing)('a recording that is encrypted for a bucket', () => {
  let place: S3Place;

  beforeAll(async () => {
    place = await startS3Place();
  });

  afterAll(() => place?.close());

  test('reaches it without a plain byte, also where the process before was lost in the middle', async () => {
    const bucket = () => s3Storage(place.target, place.folders, { giveUpAfterMs: 10_000 });
    const lost = await opened(bucket()).open(FILE);
    await write(lost);
    const unfinished = JSON.parse(JSON.stringify(lost.unfinished()));
    await lost.close();
    expect(await place.contents()).toEqual({ complete: [], unfinished: ['calls'] });
    const part = await bucket().open({ ...FILE, key: `${FILE.key}.age` });
    await part.write(Buffer.alloc(40_000_000, 'x'), 0);
    await part.close();
    const stored = await (await opened(bucket()).resume(unfinished)).finish(null);
    expect(stored.location).toBe('s3://recordings/calls/a.mp4.age');
    const path = join(root, 'object');
    await writeFile(path, await place.read(stored.location));
    expect((await decrypt(path)).equals(BYTES)).toBe(true);
    expect(await filesIn(place.folders.spool)).toEqual([]);
    expect((await place.contents()).complete).toEqual(['calls/a.mp4.age']);
  });
});
