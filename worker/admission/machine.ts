import { readFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';

/** What this process may use: limits of its container included. */
export interface Capacity {
  readonly cores: number;
  readonly memoryMiB: number;
}

/** What is free right now, whoever uses the rest. */
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
 * The cores that cgroups allow, infinite where they set no limit: the least `cpu.max` from our own group up to the
 * root (version 2), or the quota of the cpu controller (version 1). `root` is where /proc and /sys are found.
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
    return ''; // another version of cgroups, or none
  }
}

/** CPU time is counted in hundredths of a second: over less than this an average says nothing. */
const SHORTEST_LOOK_MS = 500;

/** Watches how busy the machine is, averaged over the time since the look before. */
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
