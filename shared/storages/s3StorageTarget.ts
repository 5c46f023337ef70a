import { z } from 'zod';
import { HttpAddress } from '../wire/address.ts';
import { Credential } from '../wire/credential.ts';
import { oneOfKinds } from '../wire/nearestName.ts';
import { type Looked, secretOr } from '../wire/secret.ts';
import { DURABILITIES, type StorageDescriptor } from './storageDescriptor.ts';

const secret = secretOr(Credential.min(1)).nullable().default(null);

/** Only this machine hears what goes to such an address in plain. */
const LOOPBACK = /^http:\/\/(127\.\d+\.\d+\.\d+|localhost|\[::1\])(:|\/|$)/i;

/** How the store encrypts the objects: with a key that it keeps itself, or with one that every request brings. */
const encryption = z
  .discriminatedUnion(
    'kind',
    [
      /** `key_id` is a key of AWS KMS; null for the bucket's own. */
      z.strictObject({ kind: z.literal('kms'), key_id: z.string().min(1).nullable().default(null) }),
      /** 32 bytes in base64 (SSE-C). Whoever loses it has lost the recording. */
      z.strictObject({ kind: z.literal('customer_key'), key: secretOr(z.string().min(1)) }),
    ],
    oneOfKinds('encryption', ['kms', 'customer_key']),
  )
  .transform((wire) => (wire.kind === 'kms' ? { kind: wire.kind, keyId: wire.key_id } : wire));

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
    durability: z.enum(DURABILITIES).default('part'),
    /** null for what the bucket does by itself. */
    encryption: encryption.nullable().default(null),
  })
  .refine((wire) => (wire.access_key_id === null) === (wire.secret_access_key === null), {
    error: 'access_key_id and secret_access_key go together',
  })
  .refine(
    ({ encryption: how, endpoint }) =>
      how?.kind !== 'customer_key' || !/^http:/i.test(endpoint ?? '') || LOOPBACK.test(endpoint ?? ''),
    { error: 'a customer_key needs an https endpoint', path: ['encryption'] },
  )
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
    encryption: wire.encryption,
  }));

export type S3StorageTarget = Looked<z.output<typeof schema>>;

/** A bucket of AWS S3, or of a server that speaks its protocol. */
export const s3StorageTarget = {
  kind: 's3',
  schema,
  secretsOf: ({ secretAccessKey, sessionToken, encryption: how }) => [
    secretAccessKey,
    sessionToken,
    how?.kind === 'customer_key' ? how.key : null,
  ],
  addressesOf: ({ endpoint }) => (endpoint === null ? [] : [endpoint]),
} satisfies StorageDescriptor<S3StorageTarget>;
