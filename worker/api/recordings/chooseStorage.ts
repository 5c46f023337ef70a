import { lookedUp } from '../../../shared/request/lookUpSecrets.ts';
import { type BucketTarget, WireStorage } from '../../../shared/storages/storageTarget.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import type { StorageRow } from '../store/rows.ts';
import { tenantOf } from './findCall.ts';

/** The name that clients give to the storage that is there without naming one. */
export const DEFAULT_STORAGE = 'stream-s3';

/** Begins the storage of a recording that was sent to an address of its own. No name of a storage has a space. */
export const PRESIGNED = 'presigned ';

/**
 * Where a recording goes: the storage that the request names, or else that of the call type, or else the tenant's own.
 * `wire` is as a job names it; null for the folder of the workers. Throws bad_input if there is no storage of that name.
 */
export async function chooseStorage(
  api: Api,
  tenant: string,
  names: readonly (string | null | undefined)[],
): Promise<{ readonly name: string | null; readonly wire: unknown }> {
  const name = names.find((one) => one !== null && one !== undefined && one !== '') ?? DEFAULT_STORAGE;
  if (name === DEFAULT_STORAGE) return { name: null, wire: tenantOf(api, tenant).storage };
  const row = await api.store.storages.get(tenant, name);
  if (row === null) throw new ApiError('bad_input', `there is no external storage "${name}"`);
  return { name, wire: wireStorage(row) };
}

/** The bucket that holds the files of a recording; null for a folder, and for a storage that was deleted. */
export async function bucketOf(
  api: Api,
  tenant: string,
  storage: string | null,
): Promise<BucketTarget | null> {
  const row = storage === null ? null : await api.store.storages.get(tenant, storage);
  const wire = storage === null ? tenantOf(api, tenant).storage : row && wireStorage(row);
  if (wire === null) return null;
  const target = WireStorage.parse(wire);
  if (target.kind === 'local' || target.kind === 'presigned') return null;
  return lookedUp(target, api.secretsOf(tenant));
}

/** An external storage as a job names it. */
export function wireStorage(row: StorageRow): Record<string, unknown> {
  const prefix = row.path.replace(/^\/+|\/+$/g, '');
  if (row.type === 'abs')
    return {
      ...{ kind: 'azure', account: row.account, container: row.bucket, prefix },
      ...{ tenant_id: row.tenantId, client_id: row.clientId, client_secret: row.clientSecret },
      ...{ endpoint: row.endpoint, authority: row.authority },
    };
  if (row.type === 'gcs') {
    const { bucket, credentials, endpoint } = row;
    return { kind: 'gcs', bucket, prefix, credentials, endpoint };
  }
  return {
    kind: 's3',
    bucket: row.bucket,
    region: row.region,
    endpoint: row.endpoint,
    prefix,
    access_key_id: row.accessKeyId,
    secret_access_key: row.secretAccessKey,
    // Servers of one's own seldom have a host name for each bucket.
    force_path_style: row.endpoint !== null,
  };
}
