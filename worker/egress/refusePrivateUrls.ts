import { messageOf, RecordingError } from '../recordingError.ts';
import { EgressRefusal } from './egressRefusal.ts';
import type { EgressRules } from './egressRules.ts';
import { targetOf } from './targetOf.ts';

/**
 * Refuses a job before anything is started for it, where it names an address that would be refused later anyway. Throws
 * private_url naming the address. A host that does not resolve is refused, too, where `mustResolve` says so.
 */
export async function refusePrivateUrls(
  urls: readonly string[],
  rules: Pick<EgressRules, 'resolve'>,
  { mustResolve }: { readonly mustResolve: boolean },
): Promise<void> {
  for (const url of urls) {
    const { host, port } = targetOf(url);
    try {
      await rules.resolve(host, port);
    } catch (error) {
      if (error instanceof EgressRefusal)
        throw new RecordingError('private_url', `${url} is refused: ${error.message}`);
      if (!mustResolve) continue;
      const reason = `the host ${host} does not resolve (${messageOf(error)})`;
      throw new RecordingError('private_url', `${url} cannot be checked: ${reason}`, { cause: error });
    }
  }
}
