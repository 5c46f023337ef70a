import { readdirSync } from 'node:fs';
import { pause } from './pause.ts';
import { kindOf, read, statOf, TICKS_PER_S } from './processTree.ts';
import { median } from './statistics.ts';
import type { Running } from './subjects/subject.ts';

/** CPU time in seconds of processes, by kind of process and name of thread. */
function threadsOf(pids: readonly number[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const pid of pids) {
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

/** Cores by thread of a running pipeline, while so many seconds pass. */
export async function coresByThread(
  { processes }: Pick<Running, 'processes'>,
  seconds: number,
): Promise<Map<string, number>> {
  const before = threadsOf(processes());
  await pause(seconds);
  const after = threadsOf(processes());
  return new Map([...after].map(([thread, cpuS]) => [thread, (cpuS - (before.get(thread) ?? 0)) / seconds]));
}

/** Medians of several measurements of each way, the busiest thread first. Threads below 0.005 cores are left out. */
export function threadTable(found: ReadonlyMap<string, readonly ReadonlyMap<string, number>[]>): string {
  const threads = new Set([...found.values()].flat().flatMap((measured) => [...measured.keys()]));
  const rows = [...threads].map((thread) => ({
    thread,
    cores: [...found.values()].map((all) => median(all.map((one) => one.get(thread) ?? 0)) ?? 0),
  }));
  const largest = ({ cores }: { cores: number[] }) => Math.max(...cores);
  const shown = rows.filter((row) => largest(row) >= 0.005).sort((a, b) => largest(b) - largest(a));
  return [
    `| thread | ${[...found.keys()].join(' | ')} |`,
    `| --- |${' --- |'.repeat(found.size)}`,
    ...shown.map(
      ({ thread, cores }) => `| ${thread} | ${cores.map((each) => each.toFixed(3)).join(' | ')} |`,
    ),
  ].join('\n');
}

const nameOf = (path: string) => read(`/proc/${path}/comm`).trim().replace(/\d+$/, '');

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return []; // the process has ended meanwhile
  }
}
