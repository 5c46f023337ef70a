import { randomUUID } from 'node:crypto';
import type { z } from '@hono/zod-openapi';
import {
  type BucketTarget,
  storageDescriptorOf,
  WireStorage,
} from '../../../shared/storages/storageTarget.ts';
import { messageOf } from '../../recordingError.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkIsServer, checkSeesTenant } from '../auth/permissions.ts';
import { route } from '../http/routes.ts';
import { DEFAULT_STORAGE, wireStorage } from '../recordings/chooseStorage.ts';
import type { AzureStorageRow, GcsStorageRow, S3StorageRow, StorageRow } from '../store/rows.ts';
import { CheckReply, Done, StorageReply, StoragesReply } from './replies.ts';
import { NameParams, NewStorageBody, StorageBody } from './requests.ts';

const path = '/external_storage/{name}';
const tag = 'External storages';

/** Buckets and containers of one's own that recordings can go to. Only servers may name them, and no answer tells a secret. */
export const storageRoutes = [
  route({
    ...{
      method: 'get',
      path: '/external_storage',
      summary: 'List the external storages',
      tag,
      reply: StoragesReply,
    },
    handle: async (api, { who }) => {
      checkSeesTenant(who);
      const rows = await api.store.storages.list(who.tenant);
      return { external_storages: Object.fromEntries(rows.map((row) => [row.name, storageReply(row)])) };
    },
  }),
  route({
    ...{ method: 'post', path: '/external_storage', summary: 'Name an external storage', tag },
    ...{ body: NewStorageBody, reply: Done },
    handle: async (api, { who, body }) => {
      checkIsServer(who);
      if (body.name === DEFAULT_STORAGE)
        throw new ApiError(
          'bad_input',
          `"${DEFAULT_STORAGE}" is the name of the storage that is always there`,
        );
      const given = await storageOf(api, body.name, null, body);
      await api.store.storages.update(who.tenant, body.name, (before) => {
        if (before !== null)
          throw new ApiError('bad_input', `there is an external storage "${body.name}" already`);
        return given;
      });
      return {};
    },
  }),
  route({
    ...{ method: 'put', path, summary: 'Change an external storage', tag },
    ...{ params: NameParams, body: StorageBody, reply: StorageReply },
    handle: async (api, { who, params, body }) => {
      checkIsServer(who);
      const before = await existing(api, who.tenant, params.name);
      const changed = await storageOf(api, params.name, before, body);
      return storageReply(await api.store.storages.update(who.tenant, params.name, () => changed));
    },
  }),
  route({
    ...{ method: 'delete', path, summary: 'Forget an external storage; its files stay', tag },
    ...{ params: NameParams, reply: Done },
    handle: async (api, { who, params }) => {
      checkIsServer(who);
      await existing(api, who.tenant, params.name);
      await api.store.storages.remove(who.tenant, params.name);
      return {};
    },
  }),
  route({
    ...{ method: 'get', path: `${path}/check`, summary: 'Write a small file to an external storage', tag },
    ...{ params: NameParams, reply: CheckReply },
    handle: async (api, { who, params }) => {
      checkIsServer(who);
      const row = await existing(api, who.tenant, params.name);
      const target = WireStorage.parse(wireStorage(row)) as BucketTarget;
      const text = 'This file was written to check that recordings can be stored here. It can be deleted.\n';
      try {
        return { file_url: await api.files.probe(target, `stream-${randomUUID()}.md`, text) };
      } catch (error) {
        throw new ApiError(
          'bad_input',
          `the storage "${params.name}" cannot be written to: ${messageOf(error)}`,
        );
      }
    },
  }),
];

async function existing(api: Api, tenant: string, name: string): Promise<StorageRow> {
  const row = await api.store.storages.get(tenant, name);
  if (row === null) throw new ApiError('not_found', `there is no external storage "${name}"`);
  return row;
}

/**
 * Without keys of its own, a storage would be written with those of the workers, which belong to whoever runs them.
 * Throws an ApiError where something is missing or leads into the network of the workers.
 */
async function storageOf(
  api: Api,
  name: string,
  before: StorageRow | null,
  body: z.output<typeof StorageBody>,
): Promise<StorageRow> {
  const type = body.storage_type ?? before?.type ?? 's3';
  const named = {
    name,
    bucket: body.bucket ?? before?.bucket ?? missing('bucket'),
    path: body.path ?? before?.path ?? '',
  };
  const row = rowOf(type, named, before, body);
  const { success, data, error } = WireStorage.safeParse(wireStorage(row));
  if (!success) {
    const problems = error.issues.map(({ path: field, message }) => [...field, message].join(': '));
    throw new ApiError('bad_input', problems.join('; '));
  }
  const target = data as BucketTarget;
  for (const address of storageDescriptorOf(target).addressesOf(target)) await api.checkAddress(address);
  return row;
}

/** A storage that changes its type keeps nothing of what it was. */
function rowOf(type: Type, named: Named, before: StorageRow | null, body: Body): StorageRow {
  if (type === 'abs') return azureRow(named, before?.type === 'abs' ? before : null, body.azure_blob);
  if (type === 'gcs') return gcsRow(named, before?.type === 'gcs' ? before : null, body);
  const isS3 = before !== null && before.type !== 'abs' && before.type !== 'gcs';
  return s3Row(named, isS3 ? before : null, body.aws_s3);
}

type Named = Pick<StorageRow, 'name' | 'bucket' | 'path'>;
type Body = z.output<typeof StorageBody>;
type Type = NonNullable<StorageRow['type']>;

function s3Row(named: Named, before: S3StorageRow | null, s3: Body['aws_s3']): S3StorageRow {
  return {
    ...named,
    type: 's3',
    endpoint: s3?.s3_custom_endpoint_url || before?.endpoint || null,
    region: s3?.s3_region || before?.region || missing('aws_s3.s3_region'),
    accessKeyId: s3?.s3_api_key ?? before?.accessKeyId ?? missing('aws_s3.s3_api_key'),
    secretAccessKey: s3?.s3_secret ?? before?.secretAccessKey ?? missing('aws_s3.s3_secret'),
  };
}

function gcsRow(named: Named, before: GcsStorageRow | null, body: Body): GcsStorageRow {
  return {
    ...named,
    type: 'gcs',
    credentials: body.gcs_credentials ?? before?.credentials ?? missing('gcs_credentials'),
    endpoint: body.gcs_custom_endpoint_url || before?.endpoint || null,
  };
}

function azureRow(named: Named, before: AzureStorageRow | null, azure: Body['azure_blob']): AzureStorageRow {
  return {
    ...named,
    type: 'abs',
    account: azure?.abs_account_name ?? before?.account ?? missing('azure_blob.abs_account_name'),
    clientId: azure?.abs_client_id ?? before?.clientId ?? missing('azure_blob.abs_client_id'),
    clientSecret: azure?.abs_client_secret ?? before?.clientSecret ?? missing('azure_blob.abs_client_secret'),
    tenantId: azure?.abs_tenant_id ?? before?.tenantId ?? missing('azure_blob.abs_tenant_id'),
    endpoint: azure?.abs_custom_endpoint_url || before?.endpoint || null,
    authority: azure?.abs_custom_authority_url || before?.authority || null,
  };
}

function missing(field: string): never {
  throw new ApiError('bad_input', `${field}: is missing`, { fields: { [field]: 'is missing' } });
}

function storageReply({ name, bucket, path: folder, type = 's3' }: StorageRow): Record<string, unknown> {
  return { name, bucket, path: folder, type };
}
