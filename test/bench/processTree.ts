import { readdirSync, readFileSync } from 'node:fs';

/**
 * What a process and all its descendants have used: CPU time in seconds, and proportional memory (PSS) in
 * MiB. Linux only.
 */
export interface Usage {
  readonly cpuS: number;
  readonly pssMiB: number;
}

/** Linux counts CPU time in hundredths of a second (sysconf(_SC_CLK_TCK) is 100 on every common platform). */
export const TICKS_PER_S = 100;

export const usageOf = (rootPid: number): Usage => usageOfAll(familyOf(rootPid));

/** What these processes have used. */
export function usageOfAll(pids: readonly number[]): Usage {
  return {
    cpuS: pids.reduce((sum, pid) => sum + cpuOfOne(pid), 0),
    pssMiB: Math.round(pids.reduce((sum, pid) => sum + pssKiB(pid), 0) / 1024),
  };
}

/** The CPU time of a process and of each of its descendants, in seconds, by process id. */
export function cpuOf(rootPid: number): ReadonlyMap<number, number> {
  return new Map(familyOf(rootPid).map((pid) => [pid, cpuOfOne(pid)]));
}

function cpuOfOne(pid: number): number {
  const fields = statOf(String(pid)) ?? [];
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS_PER_S;
}

/** The CPU time that a process and its descendants have used since then, in seconds, without those that have ended. */
export function cpuSince(rootPid: number, before: ReadonlyMap<number, number>): number {
  return [...cpuOf(rootPid)].reduce((sum, [pid, cpuS]) => sum + cpuS - (before.get(pid) ?? 0), 0);
}

/** The ids of a process and of all its descendants. */
export function familyOf(rootPid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const fields = statOf(name);
    if (fields) parents.set(Number(name), Number(fields[1]));
  }
  return [...parents.keys()].filter((pid) => descends(pid, rootPid, parents));
}

/**
 * The fields of /proc/PID/stat, or of a thread's, after the name in brackets, because the name may contain
 * anything.
 */
export function statOf(pid: string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null; // the process has ended meanwhile
  }
}

/** Returns the kind of a process of Chromium from its command line. */
export function kindOf(pid: number): string {
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  const type = /--type=([\w-]+)/.exec(command)?.[1];
  if (type === 'renderer') return command.includes('--extension-process') ? 'recorder page' : 'recorded page';
  if (type === 'utility') return /--utility-sub-type=(\w+)/.exec(command)?.[1] ?? type;
  return type ?? (/chrom/i.test(command.split(' ')[0] ?? '') ? 'browser' : 'worker');
}

/**
 * Memory that is not shared with other browsers (anonymous), in MiB, of a process and its descendants, by
 * kind.
 */
export function ownMemoryOf(rootPid: number): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const pid of familyOf(rootPid)) {
    const kib = Number(/^Anonymous:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
    const kind = kindOf(pid);
    found[kind] = Math.round(((found[kind] ?? 0) + kib / 1024) * 10) / 10;
  }
  return found;
}

function descends(pid: number, rootPid: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === rootPid) return true;
  return false;
}

function pssKiB(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Returns the text of a file, or an empty text if it cannot be read. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // the process has ended meanwhile
  }
}
