import { messageOf, RecordingError } from '../recordingError.ts';
import { EgressRefusal } from './egressRefusal.ts';
import type { EgressRules } from './egressRules.ts';

const USUAL_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'ws:': 80, 'https:': 443, 'wss:': 443 };

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
    const { hostname, port, protocol } = new URL(url);
    try {
      await rules.resolve(hostname, Number(port) || (USUAL_PORTS[protocol] ?? 0));
    } catch (error) {
      if (error instanceof EgressRefusal)
        throw new RecordingError('private_url', `${url} is refused: ${error.message}`);
      if (!mustResolve) continue;
      const reason = `the host ${hostname} does not resolve (${messageOf(error)})`;
      throw new RecordingError('private_url', `${url} cannot be checked: ${reason}`, { cause: error });
    }
  }
}
