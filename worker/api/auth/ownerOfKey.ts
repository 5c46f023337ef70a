import type { ApiConfig } from '../config/apiConfig.ts';

/** Whose API key this is, with its secret; null if it is nobody's. */
export function ownerOfKey(
  tenants: ApiConfig['tenants'],
  apiKey: string,
): { readonly tenant: string; readonly secret: string } | null {
  for (const [tenant, { api_keys: keys }] of Object.entries(tenants))
    if (Object.hasOwn(keys, apiKey)) return { tenant, secret: keys[apiKey] as string };
  return null;
}
