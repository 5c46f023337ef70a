import { z } from 'zod';
import { HttpAddress } from '../wire/address.ts';
import { Credential } from '../wire/credential.ts';
import { type Looked, type SecretReference, secretOr } from '../wire/secret.ts';
import { ObjectPrefix } from './objectPrefix.ts';
import { readServiceAccountKey, serviceAccountKeyProblem } from './serviceAccountKey.ts';
import { DURABILITIES, type StorageDescriptor } from './storageDescriptor.ts';

/** What Google's own keys name. */
const GOOGLE_TOKEN_URI = 'https://oauth2.googleapis.com/token';

const ServiceAccountText = Credential.superRefine((given, context) => {
  const problem = serviceAccountKeyProblem(given);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

const schema = z
  .strictObject({
    kind: z.literal('gcs'),
    /** https://cloud.google.com/storage/docs/buckets#naming */
    bucket: z
      .string({ error: 'is missing: a gcs storage needs a bucket' })
      .regex(/^[a-z\d][a-z\d._-]{1,220}[a-z\d]$/, {
        error: 'must be the name of a bucket: 3 to 222 lower-case letters, digits, "-", "_" and "."',
      }),
    prefix: ObjectPrefix,
    /** The key of a service account, as the JSON text of the file that Google hands out. */
    credentials: secretOr(ServiceAccountText).nullable().default(null),
    /** Address of a server that speaks Google's XML API, with what comes before the bucket; null for Google's own. */
    endpoint: HttpAddress.nullable().default(null),
    /** As that of an s3 storage. */
    durability: z.enum(DURABILITIES).default('part'),
  })
  .refine(({ credentials }) => credentials !== null, {
    error: `is missing: a gcs storage needs the key of a service account, as JSON; the worker's own credentials (Application Default Credentials) are not used`,
    path: ['credentials'],
  })
  .transform((wire) => ({ ...wire, credentials: wire.credentials as string | SecretReference }));

export type GcsStorageTarget = Looked<z.output<typeof schema>>;

/** A bucket of Google Cloud Storage, or of a server that speaks its XML API. */
export const gcsStorageTarget = {
  kind: 'gcs',
  schema,
  secretsOf: ({ credentials }) => [credentials, keyIn(credentials)?.privateKey ?? null],
  addressesOf: ({ endpoint, credentials }) =>
    [endpoint, ownTokenUri(credentials)].filter((address) => address !== null),
} satisfies StorageDescriptor<GcsStorageTarget>;

/** The address of `token_uri` where it is not Google's own; null where it is, and where nothing is known of it yet. */
export function ownTokenUri(credentials: string): string | null {
  const tokenUri = keyIn(credentials)?.tokenUri ?? GOOGLE_TOKEN_URI;
  return tokenUri === GOOGLE_TOKEN_URI ? null : tokenUri;
}

/** Before secrets are looked up, `credentials` may be the name of one. */
function keyIn(credentials: unknown) {
  if (typeof credentials !== 'string') return null;
  return serviceAccountKeyProblem(credentials) === null ? readServiceAccountKey(credentials) : null;
}
