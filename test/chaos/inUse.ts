import { familyOf, kindOf, usageOf } from '../bench/processTree.ts';
import type { WorkerProcess } from './startWorkerProcess.ts';

/** The worker that records: the one whose processes have worked most. */
export function workerInUse(workers: readonly WorkerProcess[]): WorkerProcess {
  const [busiest] = workers.toSorted((a, b) => usageOf(b.pid).cpuS - usageOf(a.pid).cpuS);
  if (!busiest) throw new Error('there is no worker');
  return busiest;
}

/**
 * The ids of the processes of this kind (see kindOf) in the browser that records. A worker keeps another
 * browser warm, which has worked less.
 */
export function processesInUse(worker: WorkerProcess, kind: string): number[] {
  const family = familyOf(worker.pid);
  const browsers = family.filter((pid) => kindOf(pid) === 'browser');
  const [busiest] = browsers.toSorted((a, b) => usageOf(b).cpuS - usageOf(a).cpuS);
  if (busiest === undefined) throw new Error(`the worker ${worker.pid} has no browser`);
  return kind === 'browser' ? [busiest] : familyOf(busiest).filter((pid) => kindOf(pid) === kind);
}
