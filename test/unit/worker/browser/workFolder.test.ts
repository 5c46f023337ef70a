import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeWorkFolder, sweepWorkFolders } from '../../../../worker/browser/workFolder.ts';
import { createCleanup } from '../../../../worker/cleanup.ts';
import { createLog } from '../../../../worker/log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-sweep-'));
  // What os.tmpdir() answers from here on.
  vi.stubEnv('TMPDIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** The id of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

test('folders of dead workers are removed with their content, and their paths are returned', async () => {
  const left = await mkdtemp(join(folder, `call-compositor-${deadPid()}-`));
  await mkdtemp(join(left, 'profile-'));
  expect(await sweepWorkFolders()).toEqual([left.slice(folder.length + 1)]);
  expect(await readdir(folder)).toEqual([]);
});

test('folders of living workers are kept', async () => {
  const own = await makeWorkFolder(createCleanup(createLog('silent')));
  expect(await sweepWorkFolders()).toEqual([]);
  expect(await readdir(own)).toEqual([]);
});

test('folders that do not belong to workers are kept, whatever number is in their name', async () => {
  const pid = deadPid();
  const names = [
    `call-compositor-redis-${pid}-x`,
    `other-call-compositor-${pid}-x`,
    `call-compositor-${pid}`,
  ];
  for (const name of names) await mkdtemp(join(folder, name));
  expect(await sweepWorkFolders()).toEqual([]);
  expect(await readdir(folder)).toHaveLength(names.length);
});

test('the folder of a recording is removed by its cleanup', async () => {
  const cleanup = createCleanup(createLog('silent'));
  await makeWorkFolder(cleanup);
  await cleanup.run();
  expect(await readdir(folder)).toEqual([]);
});
