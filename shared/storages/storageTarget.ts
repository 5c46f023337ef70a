import { z } from 'zod';

const LocalStorage = z
  .strictObject({
    kind: z.literal('local'),
    /** A folder on the worker's machine; null for the worker's own. */
    directory: z.string().min(1).nullable().default(null),
  })
  .transform((wire) => wire);

const S3Storage = z
  .strictObject({
    kind: z.literal('s3'),
    bucket: z
      .string({ error: 'is missing: an s3 storage needs a bucket' })
      .min(1, { error: 'must not be empty' }),
    region: z.string().min(1).default('us-east-1'),
    /** Address of an S3-compatible server; null for AWS. */
    endpoint: z
      .url({ protocol: /^https?$/, error: 'is not an http or https address' })
      .nullable()
      .default(null),
    /** Put before the object key, without a slash of its own. */
    prefix: z.string().default(''),
    /** null for the worker's own credentials (environment, profile, instance role). */
    access_key_id: z.string().min(1).nullable().default(null),
    secret_access_key: z.string().min(1).nullable().default(null),
    session_token: z.string().min(1).nullable().default(null),
    force_path_style: z.boolean().default(false),
  })
  .refine((wire) => (wire.access_key_id === null) === (wire.secret_access_key === null), {
    error: 'access_key_id and secret_access_key go together',
  })
  .transform((wire) => ({
    kind: wire.kind,
    bucket: wire.bucket,
    region: wire.region,
    endpoint: wire.endpoint,
    prefix: wire.prefix,
    accessKeyId: wire.access_key_id,
    secretAccessKey: wire.secret_access_key,
    sessionToken: wire.session_token,
    forcePathStyle: wire.force_path_style,
  }));

export const STORAGES = { local: LocalStorage, s3: S3Storage } as const;

/** Where a recording is stored, by `storage.kind`. */
export type StorageTarget = {
  [K in keyof typeof STORAGES]: z.output<(typeof STORAGES)[K]>;
}[keyof typeof STORAGES];
export type S3StorageTarget = Extract<StorageTarget, { kind: 's3' }>;
