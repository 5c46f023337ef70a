import { z } from 'zod';
import { oneOfKinds } from '../wire/nearestName.ts';
import type { Looked } from '../wire/secret.ts';
import { azureStorageTarget } from './azureStorageTarget.ts';
import { gcsStorageTarget } from './gcsStorageTarget.ts';
import { localStorageTarget } from './localStorageTarget.ts';
import { presignedStorageTarget } from './presignedStorageTarget.ts';
import { s3StorageTarget } from './s3StorageTarget.ts';
import type { StorageDescriptor } from './storageDescriptor.ts';

export type { AzureStorageTarget } from './azureStorageTarget.ts';
export type { GcsStorageTarget } from './gcsStorageTarget.ts';
export type { LocalStorageTarget } from './localStorageTarget.ts';
export type { PresignedStorageTarget } from './presignedStorageTarget.ts';
export type { S3StorageTarget } from './s3StorageTarget.ts';

/** Every storage. To add one, write its descriptor in a file of its own and add it here. */
const STORAGES = [
  localStorageTarget,
  s3StorageTarget,
  gcsStorageTarget,
  azureStorageTarget,
  presignedStorageTarget,
] as const;

type Descriptor = (typeof STORAGES)[number];

/** Where a file is stored, by `storage.kind`. */
export type StorageTarget = Looked<z.output<Descriptor['schema']>>;

/** A storage whose files can be linked to and removed with what the job named. */
export type BucketTarget = Exclude<StorageTarget, { kind: 'local' | 'presigned' }>;

/** Reads `storage` of a job. */
export const WireStorage = z.discriminatedUnion(
  'kind',
  STORAGES.map(({ schema }) => schema) as unknown as readonly [Descriptor['schema']],
  oneOfKinds(
    'storage',
    STORAGES.map(({ kind }) => kind),
  ),
);

/** All that is known of a storage's kind. */
export function storageDescriptorOf(target: StorageTarget): StorageDescriptor<StorageTarget> {
  const descriptor = STORAGES.find(({ kind }) => kind === target.kind);
  return descriptor as unknown as StorageDescriptor<StorageTarget>;
}
