import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_S = 100; // sysconf(_SC_CLK_TCK) on every common platform

/** What a browser uses at this moment, with all its processes. */
export interface ProcessUsage {
  /** Memory that belongs to one process alone, or that they share among them. */
  readonly memoryMiB: number;
  /** Processor time since each began. Of those that have ended it is lost. */
  readonly cpuS: number;
}

/** Reads what a process and all its descendants use. Linux only: elsewhere, and of one that has ended, nothing. */
export function readUsage(pid: number): ProcessUsage {
  const family = familyOf(pid);
  return {
    memoryMiB: family.reduce((sum, one) => sum + memoryKiB(one), 0) / 1024,
    cpuS: family.reduce((sum, one) => sum + cpuTicks(one), 0) / TICKS_PER_S,
  };
}

function familyOf(pid: number): number[] {
  const family = threadsOf(pid).flatMap((thread) => childrenOf(pid, thread));
  for (const one of family) family.push(...childrenOf(one, String(one)));
  return [pid, ...family];
}

/** Any thread of the browser may have begun a process; of all the others, only the first does. */
function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return []; // it has ended
  }
}

function childrenOf(pid: number, thread: string): number[] {
  return read(`/proc/${pid}/task/${thread}/children`)
    .split(' ')
    .filter((child) => child !== '')
    .map(Number);
}

function memoryKiB(pid: number): number {
  const status = read(`/proc/${pid}/status`);
  return ['RssAnon', 'RssShmem'].reduce(
    (sum, name) => sum + Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0),
    0,
  );
}

function cpuTicks(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11] ?? 0) + Number(fields[12] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}
