import type { Lease } from './lease.ts';
import { areTogether, type ProcessIdentity } from './processIdentity.ts';

/** Whether a worker is alive that sees the same files as the owner of a lease: neither the owner itself nor this one. */
export function isAnyBeside(
  lease: Lease | undefined,
  alive: readonly ProcessIdentity[],
  here: ProcessIdentity,
): boolean {
  if (lease === undefined) return false;
  const isSame = (one: ProcessIdentity, other: ProcessIdentity) =>
    areTogether(one, other) && one.pid === other.pid;
  return alive.some(
    (one) => areTogether(one, lease.process) && !isSame(one, lease.process) && !isSame(one, here),
  );
}
