import type { Cost } from '../job/takenJob.ts';
import type { Capacity, Headroom } from './machine.ts';

/** Decides which recordings this machine can carry beside those that run. */
export interface Admission {
  /** Books the cost under the id and returns true if there is room. */
  admit(id: string, cost: Cost): boolean;
  release(id: string): void;
  /** Whether a recording of this cost would be admitted now. */
  hasRoomFor(cost: Cost): boolean;
}

/**
 * There is room if the booked costs stay within the capacity and the machine has as much to spare at this
 * moment, because other processes count too. A machine that records nothing admits any one recording, because
 * waiting would not make more room.
 */
export function createAdmission(capacity: Capacity, headroom: () => Headroom): Admission {
  const booked = new Map<string, Cost>();
  const sum = (read: (cost: Cost) => number) =>
    [...booked.values()].reduce((all, cost) => all + read(cost), 0);

  function hasRoomFor(cost: Cost): boolean {
    if (booked.size === 0) return true;
    if (sum(({ cores }) => cores) + cost.cores > capacity.cores) return false;
    if (sum(({ memoryMiB }) => memoryMiB) + cost.memoryMiB > capacity.memoryMiB) return false;
    const free = headroom();
    return free.idleCores >= cost.cores && free.availableMiB >= cost.memoryMiB;
  }

  return {
    hasRoomFor,
    admit: (id, cost) => {
      if (!hasRoomFor(cost)) return false;
      booked.set(id, cost);
      return true;
    },
    release: (id) => booked.delete(id),
  };
}
