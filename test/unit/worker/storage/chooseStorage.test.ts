import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StorageTarget } from '../../../../shared/storages/storageTarget.ts';
import { chooseStorage } from '../../../../worker/storage/chooseStorage.ts';

async function whereIsStored(target: (root: string) => StorageTarget | null): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'call-compositor-choose-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const storage = await chooseStorage({ storage: target(root), backup: null }, join(root, 'recordings'));
  const sink = await storage.open({ key: 'a.mp4', mediaType: 'video/mp4' });
  const { location } = await sink.finish(null);
  return location.replace(root, '');
}

test('a job that asks for no storage is stored in the worker’s folder', async () => {
  expect(await whereIsStored(() => null)).toBe('/recordings/a.mp4');
  expect(await whereIsStored(() => ({ kind: 'local', directory: null }))).toBe('/recordings/a.mp4');
});

test('a folder that a job asks for lies below the worker’s folder', async () => {
  expect(await whereIsStored(() => ({ kind: 'local', directory: 'team/a' }))).toBe(
    '/recordings/team/a/a.mp4',
  );
});

test('a job may ask for an absolute folder', async () => {
  expect(await whereIsStored((root) => ({ kind: 'local', directory: join(root, 'else') }))).toBe(
    '/else/a.mp4',
  );
});
