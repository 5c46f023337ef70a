import { pause } from './pause.ts';
import { usageOfAll } from './processTree.ts';
import type { Running } from './subjects/subject.ts';
import { coresByThread } from './threads.ts';

/** What starting costs is over by then. */
export const SETTLE_S = 3;

/** What a running pipeline needs. */
export interface Cost {
  /** CPU time per second of all its processes. */
  readonly cores: number;
  /** The same by thread, without threads that have ended meanwhile. */
  readonly threads: ReadonlyMap<string, number>;
  readonly pssMiB: number;
}

/** Lets a pipeline settle, and measures it for so many seconds. */
export async function measureCost(running: Pick<Running, 'processes'>, seconds: number): Promise<Cost> {
  await pause(SETTLE_S);
  const beganAtMs = performance.now();
  const before = usageOfAll(running.processes());
  const threads = await coresByThread(running, seconds);
  const tookS = (performance.now() - beganAtMs) / 1000;
  const after = usageOfAll(running.processes());
  return { cores: (after.cpuS - before.cpuS) / tookS, threads, pssMiB: after.pssMiB };
}
