import type { LookUpSecret } from '../../shared/request/lookUpSecrets.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { environmentSecrets } from './environmentSecrets.ts';
import { folderSecrets } from './folderSecrets.ts';

/** How the secrets of one tenant are looked up; null for jobs that name no tenant. */
export type SecretsOf = (tenant: string | null) => LookUpSecret;

/**
 * The secrets that jobs may name: files of the operator's folder, then variables of the environment. A secret that is
 * missing is an Error for whoever wrote the job. Only the log says where it was looked for.
 */
export function openSecrets(
  given: {
    readonly secretsDir: string | null;
    readonly namedSecrets: Readonly<Record<string, string>>;
  },
  log: Logger,
): SecretsOf {
  const stores = [
    ...(given.secretsDir === null ? [] : [folderSecrets(given.secretsDir)]),
    environmentSecrets(given.namedSecrets),
  ];
  return (tenant) => async (name) => {
    for (const store of stores) {
      try {
        const secret = await store.read(name, tenant);
        if (secret !== null) return secret;
      } catch (error) {
        log.error(
          { place: store.placeOf(name, tenant), reason: messageOf(error) },
          'a secret cannot be read',
        );
        throw new Error(`the secret "${name}" cannot be read; the log of the worker says why`);
      }
    }
    const places = stores.map((store) => store.placeOf(name, tenant));
    log.warn({ name, tenant, places }, 'a job names a secret that the worker does not have');
    const whose = tenant === null ? '' : ` for the tenant "${tenant}"`;
    throw new Error(`the worker has no secret named "${name}"${whose}`);
  };
}
