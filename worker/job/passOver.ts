import { areTogether } from '../lease/processIdentity.ts';
import type { LeaseView } from '../lease/watchLeases.ts';
import type { JobsOfWorker } from './jobsOfWorker.ts';

/**
 * So many later jobs may start on a machine while a job that needs much room waits on it. The promise is ten: one more may
 * start before the other workers have seen that it waits.
 */
const MOST_PASSES = 9;

/**
 * Counts that the next job passes over those that wait for room on this machine, where other workers hold them. Resolves
 * to null where one of them has been passed over so often that it comes first now. `takeBack` is for the case that there
 * was no next job.
 */
export async function passOver(
  { store, here }: JobsOfWorker,
  { leases }: LeaseView,
  isOurs: (owner: string) => boolean,
): Promise<{ takeBack(): Promise<void> } | null> {
  const passed: string[] = [];
  const takeBack = async () => {
    await Promise.all(passed.map((id) => store.takeBackPass(id)));
  };
  for (const [id, { lease }] of leases) {
    if (lease.state !== 'waiting' || isOurs(lease.owner) || !areTogether(lease.process, here)) continue;
    if (!(await store.passOver(id, MOST_PASSES))) {
      await takeBack();
      return null;
    }
    passed.push(id);
  }
  return { takeBack };
}
