import type { WorkerConfig } from '../workerConfig.ts';
import { EgressRefusal } from './egressRefusal.ts';
import { createEgressRules, type EgressSettings } from './egressRules.ts';
import type { LookUp } from './lookUp.ts';
import { targetOf } from './targetOf.ts';

/** Where the media of calls may go; docs/egress.md says what each means. */
type WebRtc = Exclude<WorkerConfig['webRtc'], 'auto'>;

/**
 * What "auto" stands for: media goes to public addresses, unless the operator allows others, or has a call server at one
 * of them, which then sends its media from there. `callServers` are hosts, with or without a port.
 */
export async function webRtcFor(
  given: WorkerConfig['webRtc'],
  { allowPrivateUrls, allowHosts }: EgressSettings,
  callServers: readonly string[],
  lookUp?: LookUp,
): Promise<WebRtc> {
  if (given !== 'auto') return given;
  if (allowPrivateUrls || allowHosts.length > 0) return 'any';
  const rules = createEgressRules({ allowPrivateUrls: false, allowHosts: [] }, lookUp);
  const arePrivate = await Promise.all(
    callServers.map((server) => {
      const { host, port } = targetOf(`wss://${server}`);
      return rules.resolve(host, port).then(
        () => false,
        (error) => error instanceof EgressRefusal,
      );
    }),
  );
  return arePrivate.includes(true) ? 'any' : 'public';
}
