import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCapacity, readCpuQuota } from '../../../../worker/admission/machine.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-cgroup-'));
});
afterEach(() => rm(root, { recursive: true }));

async function put(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), text);
  }
}

test('the quota is read in a container with its own view of cgroups', async () => {
  await put({ 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '150000 100000\n' });
  expect(readCpuQuota(root)).toBe(1.5);
});

test('the lowest quota of the groups above counts', async () => {
  await put({
    'proc/self/cgroup': '0::/kubepods/pod1/worker\n',
    'sys/fs/cgroup/kubepods/pod1/worker/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/kubepods/pod1/cpu.max': '200000 100000\n',
    'sys/fs/cgroup/kubepods/cpu.max': '800000 100000\n',
  });
  expect(readCpuQuota(root)).toBe(2);
});

test('the quota of version 1 is read', async () => {
  await put({
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '50000\n',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  });
  expect(readCpuQuota(root)).toBe(0.5);
});

test('there is no limit if none is set, or if there are no cgroups', async () => {
  expect(readCpuQuota(root)).toBe(Number.POSITIVE_INFINITY);
  await put({
    'proc/self/cgroup': '0::/\n',
    'sys/fs/cgroup/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
    'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
  });
  expect(readCpuQuota(root)).toBe(Number.POSITIVE_INFINITY);
});

test('this machine reports cores and memory', () => {
  const { cores, memoryMiB } = readCapacity();
  expect(cores).toBeGreaterThan(0);
  expect(Number.isFinite(cores)).toBe(true);
  expect(memoryMiB).toBeGreaterThan(100);
});
