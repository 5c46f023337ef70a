import type { z } from 'zod';

/**
 * What survives of a file that is sent in parts if the worker's machine is lost with its disk: `none`, nothing with which
 * another machine goes on; `part`, the parts of 16 MiB that were sent, where the key may keep beside the object what it
 * takes to go on; or `machine`, everything but the last two seconds.
 */
export const DURABILITIES = ['none', 'part', 'machine'] as const;
export type Durability = (typeof DURABILITIES)[number];

/** All that is known of one kind of storage, apart from the code that writes to it. */
export interface StorageDescriptor<Target extends { readonly kind: string }> {
  readonly kind: Target['kind'];
  /** Reads `storage` of a job, in which secrets may be named. */
  readonly schema: z.ZodType<{ readonly kind: Target['kind'] }>;
  /** What must not appear in logs, events and results; null stands for a secret that was not given. */
  secretsOf(target: Target): readonly (string | null)[];
  /** Addresses that the worker is told to connect to. */
  addressesOf(target: Target): readonly string[];
}
