import { readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';

/** What this process may use, including the limits of its container. */
export interface Capacity {
  readonly cores: number;
  readonly memoryMiB: number;
}

/** What is free at this moment, whoever uses the rest. */
export interface Headroom {
  readonly idleCores: number;
  readonly availableMiB: number;
}

const MIB = 2 ** 20;

export function readCapacity(): Capacity {
  const limitBytes = process.constrainedMemory() || Number.POSITIVE_INFINITY;
  return {
    cores: Math.min(os.availableParallelism(), readCpuQuota()),
    memoryMiB: Math.min(os.totalmem(), limitBytes) / MIB,
  };
}

/**
 * Returns the number of cores that cgroups allow, or Infinity if they set no limit. With version 2 this is
 * the lowest `cpu.max` from our own group up to the root, with version 1 the quota of the cpu controller.
 * `root` is the folder that holds /proc and /sys.
 */
export function readCpuQuota(root = '/'): number {
  const own = /^0::(.*)$/m.exec(read(join(root, 'proc/self/cgroup')))?.[1] ?? '/';
  const groups = [own];
  while (groups.at(-1) !== '/') groups.push(dirname(groups.at(-1) as string));
  const quotas = groups.map((group) => read(join(root, 'sys/fs/cgroup', group, 'cpu.max')).split(/\s+/));
  const version1 = ['cpu.cfs_quota_us', 'cpu.cfs_period_us'].map((name) =>
    read(join(root, 'sys/fs/cgroup/cpu', name)).trim(),
  );
  return Math.min(...[...quotas, version1].map(coresOf));
}

/** `max` (version 2) and -1 (version 1) mean no limit. */
function coresOf([quota, period]: readonly string[]): number {
  const cores = Number(quota) / Number(period);
  return cores > 0 ? cores : Number.POSITIVE_INFINITY;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // there are no cgroups, or another version
  }
}

/**
 * Linux counts CPU time in hundredths of a second, so an average over a shorter time than this says nothing.
 */
const SHORTEST_LOOK_MS = 500;

/** Measures how busy the machine is, averaged over the time since the previous call. */
export function watchHeadroom(): () => Headroom {
  let before = cpuTimes();
  let idleShare = 1;
  return () => {
    const now = cpuTimes();
    const passedMs = now.total - before.total;
    if (passedMs >= SHORTEST_LOOK_MS * os.cpus().length) {
      idleShare = (now.idle - before.idle) / passedMs;
      before = now;
    }
    return { idleCores: idleShare * os.cpus().length, availableMiB: process.availableMemory() / MIB };
  };
}

function cpuTimes(): { idle: number; total: number } {
  const times = os.cpus().map((cpu) => cpu.times);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    idle: sum(times.map(({ idle }) => idle)),
    total: sum(times.map((time) => sum(Object.values(time)))),
  };
}
