import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findWorkFolders, makeWorkFolder } from '../../../../worker/browser/workFolder.ts';
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

test('folders of dead workers are found', async () => {
  const left = await mkdtemp(join(folder, `call-compositor-${deadPid()}-`));
  await mkdtemp(join(left, 'profile-'));
  expect(await findWorkFolders()).toEqual([left]);
});

test('folders of living workers are not among them', async () => {
  await makeWorkFolder(createCleanup(createLog('silent')));
  expect(await findWorkFolders()).toEqual([]);
});

test('folders that do not belong to workers are not among them, whatever number is in their name', async () => {
  const pid = deadPid();
  const names = [
    `call-compositor-redis-${pid}-x`,
    `other-call-compositor-${pid}-x`,
    `call-compositor-${pid}`,
  ];
  for (const name of names) await mkdtemp(join(folder, name));
  expect(await findWorkFolders()).toEqual([]);
});

test('the folder of a recording is removed by its cleanup', async () => {
  const cleanup = createCleanup(createLog('silent'));
  await makeWorkFolder(cleanup);
  await cleanup.run();
  expect(await readdir(folder)).toEqual([]);
});
