import type { z } from 'zod';

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
