import { readdirSync, readFileSync } from 'node:fs';
import { familyOf, statOf, TICKS_PER_S } from './processTree.ts';

/** CPU time in seconds of a process and all that descend from it, by kind of process and name of thread. */
export function threadsOf(rootPid: number): Map<string, number> {
  const times = new Map<string, number>();
  for (const pid of familyOf(rootPid)) {
    const kind = kindOf(pid);
    for (const thread of list(`/proc/${pid}/task`)) {
      const fields = statOf(`${pid}/task/${thread}`);
      if (!fields) continue;
      const key = `${kind}: ${nameOf(`${pid}/task/${thread}`)}`;
      times.set(key, (times.get(key) ?? 0) + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S);
    }
  }
  return times;
}

/** What Chromium's command line tells of a process. */
function kindOf(pid: number): string {
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
  const type = /--type=([\w-]+)/.exec(command)?.[1];
  if (type === 'renderer') return command.includes('--extension-process') ? 'recorder page' : 'recorded page';
  if (type === 'utility') return /--utility-sub-type=(\w+)/.exec(command)?.[1] ?? type;
  return type ?? (/chrom/i.test(command.split(' ')[0] ?? '') ? 'browser' : 'worker');
}

const nameOf = (path: string) => read(`/proc/${path}/comm`).trim().replace(/\d+$/, '');

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // ended meanwhile
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
