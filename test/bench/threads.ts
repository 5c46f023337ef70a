import { readdirSync } from 'node:fs';
import { familyOf, kindOf, read, statOf, TICKS_PER_S } from './processTree.ts';

/** CPU time in seconds of a process and all its descendants, by kind of process and name of thread. */
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

const nameOf = (path: string) => read(`/proc/${path}/comm`).trim().replace(/\d+$/, '');

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // the process has ended meanwhile
  }
}
