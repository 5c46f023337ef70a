import { SECRET_PREFIX } from '../secretPrefix.ts';
import type { SecretStore } from './secretStore.ts';

/**
 * Secrets in the worker's environment: `livekit-token` is COMPOSITOR_SECRET_LIVEKIT_TOKEN. They belong to jobs that name
 * no tenant.
 */
export function environmentSecrets(variables: Readonly<Record<string, string>>): SecretStore {
  const placeOf = (name: string) => `${SECRET_PREFIX}${name.toUpperCase().replace(/[.-]/g, '_')}`;
  return {
    placeOf,
    read: async (name, tenant) => {
      const variable = placeOf(name);
      if (tenant !== null || !Object.hasOwn(variables, variable)) return null;
      return variables[variable] || null;
    },
  };
}
