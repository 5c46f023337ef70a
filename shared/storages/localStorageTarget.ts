import { z } from 'zod';
import type { StorageDescriptor } from './storageDescriptor.ts';

const schema = z.strictObject({
  kind: z.literal('local'),
  /** A folder on the worker's machine; null for the worker's own. */
  directory: z.string().min(1).nullable().default(null),
});

export type LocalStorageTarget = Readonly<z.output<typeof schema>>;

/** A folder on the worker's machine. */
export const localStorageTarget = {
  kind: 'local',
  schema,
  secretsOf: () => [],
  addressesOf: () => [],
} satisfies StorageDescriptor<LocalStorageTarget>;
