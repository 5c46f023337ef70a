import { z } from 'zod';
import { HttpAddress } from '../wire/address.ts';
import { Credential } from '../wire/credential.ts';
import { type Looked, secretOr } from '../wire/secret.ts';
import type { StorageDescriptor } from './storageDescriptor.ts';

const secret = secretOr(Credential.min(1)).nullable().default(null);

const schema = z
  .strictObject({
    kind: z.literal('s3'),
    bucket: z
      .string({ error: 'is missing: an s3 storage needs a bucket' })
      .min(1, { error: 'must not be empty' }),
    region: z
      .string()
      .regex(/^[a-z\d-]{1,60}$/i, { error: 'must be letters, digits and "-", such as "eu-central-1"' })
      .default('us-east-1'),
    /** Address of an S3-compatible server; null for AWS. */
    endpoint: HttpAddress.nullable().default(null),
    /** Put before the object key, without a slash of its own. */
    prefix: z.string().default(''),
    /** null for the worker's own credentials (environment, profile, instance role). */
    access_key_id: secret,
    secret_access_key: secret,
    session_token: secret,
    force_path_style: z.boolean().default(false),
    /**
     * What is lost at most if the worker's machine is lost with its disk: `part`, what does not fill a part of
     * 16 MiB yet, or `machine`, two seconds.
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

export type S3StorageTarget = Looked<z.output<typeof schema>>;

/** A bucket of AWS S3, or of a server that speaks its protocol. */
export const s3StorageTarget = {
  kind: 's3',
  schema,
  secretsOf: ({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken],
  addressesOf: ({ endpoint }) => (endpoint === null ? [] : [endpoint]),
} satisfies StorageDescriptor<S3StorageTarget>;
