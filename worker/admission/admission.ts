import type { Cost } from '../job/takenJob.ts';
import type { Capacity, Headroom } from './machine.ts';

/** Decides which recordings this machine can carry beside those that run. */
export interface Admission {
  /**
   * Books the cost under the id and returns true if there is room. Where it is urgent, only what is booked counts, and
   * not what the machine has to spare at this moment.
   */
  admit(id: string, cost: Cost, isUrgent?: boolean): boolean;
  /** From now on, what is booked under the id is this cost; nothing happens where nothing is booked. */
  rebook(id: string, cost: Cost): void;
  release(id: string): void;
  /** Whether a recording of this cost would be admitted now. */
  hasRoomFor(cost: Cost): boolean;
  /** What no recording has booked. */
  unbooked(): Cost;
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

  function hasRoomFor(cost: Cost, isUrgent = false): boolean {
    if (booked.size === 0 || isNothing(cost)) return true;
    if (sum(({ cores }) => cores) + cost.cores > capacity.cores) return false;
    if (sum(({ memoryMiB }) => memoryMiB) + cost.memoryMiB > capacity.memoryMiB) return false;
    if (isUrgent) return true;
    const free = headroom();
    return free.idleCores >= cost.cores && free.availableMiB >= cost.memoryMiB;
  }

  return {
    hasRoomFor: (cost) => hasRoomFor(cost),
    admit: (id, cost, isUrgent) => {
      if (!hasRoomFor(cost, isUrgent)) return false;
      // What needs nothing must not keep the machine from being empty for a job that needs all of it.
      if (!isNothing(cost)) booked.set(id, cost);
      return true;
    },
    rebook: (id, cost) => {
      if (booked.has(id)) booked.set(id, cost);
    },
    release: (id) => booked.delete(id),
    unbooked: () => ({
      cores: capacity.cores - sum(({ cores }) => cores),
      memoryMiB: capacity.memoryMiB - sum(({ memoryMiB }) => memoryMiB),
    }),
  };
}

function isNothing({ cores, memoryMiB }: Cost): boolean {
  return cores === 0 && memoryMiB === 0;
}
