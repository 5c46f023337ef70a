import { z } from 'zod';
import { HttpAddress } from '../wire/address.ts';
import type { StorageDescriptor } from './storageDescriptor.ts';

const schema = z
  .strictObject({
    kind: z.literal('s3'),
    bucket: z
      .string({ error: 'is missing: an s3 storage needs a bucket' })
      .min(1, { error: 'must not be empty' }),
    region: z.string().min(1).default('us-east-1'),
    /** Address of an S3-compatible server; null for AWS. */
    endpoint: HttpAddress.nullable().default(null),
    /** Put before the object key, without a slash of its own. */
    prefix: z.string().default(''),
    /** null for the worker's own credentials (environment, profile, instance role). */
    access_key_id: z.string().min(1).nullable().default(null),
    secret_access_key: z.string().min(1).nullable().default(null),
    session_token: z.string().min(1).nullable().default(null),
    force_path_style: z.boolean().default(false),
    /**
     * What survives if the worker's machine is lost with its disk: `part`, only the parts of 16 MiB that were sent, with
     * which nobody goes on, or `machine`, everything but the last two seconds.
     */
    durability: z.enum(['part', 'machine']).default('part'),
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
    durability: wire.durability,
  }));

export type S3StorageTarget = Readonly<z.output<typeof schema>>;

/** A bucket of AWS S3, or of a server that speaks its protocol. */
export const s3StorageTarget = {
  kind: 's3',
  schema,
  secretsOf: ({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken],
  addressesOf: ({ endpoint }) => (endpoint === null ? [] : [endpoint]),
} satisfies StorageDescriptor<S3StorageTarget>;
