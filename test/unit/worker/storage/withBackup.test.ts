import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { folderStorage } from '../../../../worker/storage/folderStorage.ts';
import { s3Storage } from '../../../../worker/storage/s3/s3Storage.ts';
import { withBackup } from '../../../../worker/storage/withBackup.ts';
import { s3Missing } from '../../../support/startS3.ts';
import { startS3Place } from '../../../support/startS3Place.ts';
import { startS3Proxy } from '../../../support/startS3Proxy.ts';

const FILE = { key: 'a.mp4', mediaType: 'video/mp4' };
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-backup-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function notAFolder(name: string): Promise<string> {
  await writeFile(join(root, name), '');
  return join(root, name);
}

test('a storage that works is used, and its backup is not', async () => {
  const storage = withBackup(folderStorage(join(root, 'main')), folderStorage(join(root, 'backup')));
  const sink = await storage.open(FILE);
  await sink.write(Buffer.from('recorded'), 0);
  expect((await sink.finish(null)).location).toBe(join(root, 'main', 'a.mp4'));
  await expect(readdir(join(root, 'backup'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the backup takes a file that the storage does not open, and another process finds it there', async () => {
  const storage = withBackup(folderStorage(await notAFolder('main')), folderStorage(join(root, 'backup')));
  const sink = await storage.open(FILE);
  await sink.write(Buffer.from('recorded'), 0);
  const unfinished = JSON.parse(JSON.stringify(sink.unfinished()));
  await sink.close();
  const { location } = await (await storage.resume(unfinished)).finish(null);
  expect(location).toBe(join(root, 'backup', 'a.mp4'));
  expect(String(await readFile(location))).toBe('recorded');
});

test('if both fail, the error tells of both', async () => {
  const storage = withBackup(
    folderStorage(await notAFolder('main')),
    folderStorage(await notAFolder('other')),
  );
  const failure = storage.open(FILE);
  await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
  await expect(failure).rejects.toThrow(/main\/a\.mp4.*The backup failed, too: .*other\/a\.mp4/);
});

describe.skipIf(s3Missing)('a bucket with a backup', () => {
  test('gives the backup what it does not take for too long, and nothing stays on the way', async () => {
    const place = await startS3Place();
    const proxy = await startS3Proxy(place.s3.endpoint);
    const target = { ...place.target, endpoint: proxy.endpoint };
    const bucket = s3Storage(target, place.folders, { giveUpAfterMs: 500 });
    const storage = withBackup(bucket, folderStorage(join(root, 'backup')));
    const sink = await storage.open(FILE);
    await sink.write(Buffer.from('recorded'), 0);
    proxy.answer(503);
    const { location, sizeBytes } = await sink.finish(null);
    expect({ location, sizeBytes }).toEqual({ location: join(root, 'backup', 'a.mp4'), sizeBytes: 8 });
    expect(String(await readFile(location))).toBe('recorded');
    proxy.answer('well');
    expect(await place.contents()).toEqual({ complete: [], unfinished: [] });
    await proxy.close();
    await place.close();
  });
});
