import { z } from 'zod';
import { HttpAddress } from '../wire/address.ts';
import { Credential } from '../wire/credential.ts';
import { type Looked, secretOr } from '../wire/secret.ts';
import { ObjectPrefix } from './objectPrefix.ts';
import { DURABILITIES, type StorageDescriptor } from './storageDescriptor.ts';

const secret = secretOr(Credential.min(1)).nullable().default(null);
const ONE_WAY =
  'needs account_key, or tenant_id, client_id and client_secret of an application: the worker has none of its own';

const schema = z
  .strictObject({
    kind: z.literal('azure'),
    account: z.string({ error: 'is missing: an azure storage needs an account' }).regex(/^[a-z\d]{3,24}$/, {
      error: 'must be the name of a storage account: 3 to 24 lower-case letters and digits',
    }),
    container: z
      .string({ error: 'is missing: an azure storage needs a container' })
      .regex(/^[a-z\d$][a-z\d-]{2,62}$/, {
        error: 'must be the name of a container: 3 to 63 lower-case letters, digits and "-"',
      }),
    prefix: ObjectPrefix,
    account_key: secret,
    /** The directory that knows the application: its id, or its domain. */
    tenant_id: z
      .string()
      .regex(/^[a-z\d.-]{1,100}$/i, { error: 'must be the id or the domain of a directory' })
      .nullable()
      .default(null),
    client_id: z.string().min(1).max(200).nullable().default(null),
    client_secret: secret,
    /** Address of a server that speaks Azure's protocol, with what comes before the container; null for Azure's own. */
    endpoint: HttpAddress.nullable().default(null),
    /** Where applications get their tokens; null for Azure's public cloud. */
    authority: HttpAddress.nullable().default(null),
    /** As that of an s3 storage. */
    durability: z.enum(DURABILITIES).default('part'),
  })
  .refine(
    (wire) => {
      const application = [wire.tenant_id, wire.client_id, wire.client_secret];
      const given = application.filter((one) => one !== null).length;
      return wire.account_key === null ? given === application.length : given === 0;
    },
    { error: ONE_WAY },
  )
  .transform((wire) => ({
    kind: wire.kind,
    account: wire.account,
    container: wire.container,
    prefix: wire.prefix,
    accountKey: wire.account_key,
    tenantId: wire.tenant_id,
    clientId: wire.client_id,
    clientSecret: wire.client_secret,
    endpoint: wire.endpoint,
    authority: wire.authority,
    durability: wire.durability,
  }));

export type AzureStorageTarget = Looked<z.output<typeof schema>>;

/** A container of Azure Blob Storage, or of a server that speaks its protocol. */
export const azureStorageTarget = {
  kind: 'azure',
  schema,
  secretsOf: ({ accountKey, clientSecret }) => [accountKey, clientSecret],
  addressesOf: ({ endpoint, authority }) => [endpoint, authority].filter((address) => address !== null),
} satisfies StorageDescriptor<AzureStorageTarget>;
