import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { DEFAULT_GRANTS } from '../auth/permissions.ts';
import type { TenantConfig } from '../config/apiConfig.ts';
import type { CallOrigin } from '../config/callOrigin.ts';
import type { Grants } from '../config/callTypeSettings.ts';
import { type CallRow, type CallTypeRow, cidOf } from '../store/rows.ts';

/** A call type that everybody has. */
const EVERYBODYS_TYPE = 'default';

/** A call, with what its type says. The call may be one that nobody has told us of yet. */
export interface FoundCall {
  readonly call: CallRow;
  readonly isKnown: boolean;
  readonly type: CallTypeRow;
  readonly grants: Grants;
}

/** Throws not_found if there is no such call type. */
export async function findCall(
  api: Api,
  tenant: string,
  { type, id }: { readonly type: string; readonly id: string },
): Promise<FoundCall> {
  const [callType, row] = await Promise.all([
    findCallType(api, tenant, type),
    api.store.calls.get(tenant, cidOf({ type, id })),
  ]);
  const call = row ?? newCall({ type, id }, api.nowUnixMs());
  return { call, isKnown: row !== null, type: callType, grants: callType.grants ?? DEFAULT_GRANTS };
}

/** Throws not_found if there is no such call type: neither set over the API, nor in the configuration. */
export async function findCallType(api: Api, tenant: string, name: string): Promise<CallTypeRow> {
  const row = (await api.store.callTypes.get(tenant, name)) ?? configuredType(tenantOf(api, tenant), name);
  if (row === null) throw new ApiError('not_found', `there is no call type "${name}"`);
  return row;
}

/** What the configuration says of a call type; null if it says nothing of one with this name. */
export function configuredType({ call_types }: TenantConfig, name: string): CallTypeRow | null {
  const configured = Object.hasOwn(call_types, name) ? call_types[name] : undefined;
  if (configured === undefined && name !== EVERYBODYS_TYPE) return null;
  return {
    name,
    createdAt: 0,
    updatedAt: 0,
    settings: configured?.settings ?? {},
    grants: configured?.grants ?? null,
    externalStorage: null,
    notificationSettings: {},
  };
}

/** The names of the call types in the configuration, and that of the one that everybody has. */
export function configuredNames({ call_types }: TenantConfig): string[] {
  return [...new Set([EVERYBODYS_TYPE, ...Object.keys(call_types)])];
}

/** The name of a call type if the tenant has it, and otherwise of the one that everybody has. */
export async function typeOrDefault(api: Api, tenant: string, name: string): Promise<string> {
  const isThere =
    configuredType(tenantOf(api, tenant), name) ?? (await api.store.callTypes.get(tenant, name));
  return isThere ? name : EVERYBODYS_TYPE;
}

/** Where the calls of a type come from, by what the configuration says of it, or else of the tenant; null if nothing. */
export function originOf({ call_types: types, source }: TenantConfig, type: string): CallOrigin | null {
  const configured = Object.hasOwn(types, type) ? types[type] : undefined;
  return configured?.source ?? source;
}

export function tenantOf({ config }: Api, tenant: string): TenantConfig {
  return config.tenants[tenant] as TenantConfig;
}

export function newCall({ type, id }: { readonly type: string; readonly id: string }, now: number): CallRow {
  return {
    ...{ type, id, createdAt: now, updatedAt: now, startsAt: null, endedAt: null },
    ...{ createdBy: null, settingsOverride: {}, members: [], custom: {} },
  };
}
