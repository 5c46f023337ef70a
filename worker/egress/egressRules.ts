import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { type AllowedHost, allows } from '../allowedHosts.ts';
import { EgressRefusal } from './egressRefusal.ts';
import { isPublicAddress } from './isPublicAddress.ts';
import { type LookUp, lookUp as systemLookUp } from './lookUp.ts';

/** Where pages, and what the worker does for a job, may connect to. */
export interface EgressRules {
  /**
   * The addresses of a host that may be connected to, in the order to try them. The host is a name or an address in
   * any spelling that a URL may have. Throws EgressRefusal, or an Error where the name does not resolve.
   */
  resolve(host: string, port: number): Promise<readonly string[]>;
  /** Nobody may connect to this port of the worker's own machine any more, until the returned function is called. */
  protect(port: number): () => void;
}

export interface EgressSettings {
  /** Everything is allowed but the ports that the worker itself needs. */
  readonly allowPrivateUrls: boolean;
  readonly allowHosts: readonly AllowedHost[];
}

export function createEgressRules(
  { allowPrivateUrls, allowHosts }: EgressSettings,
  lookUp: LookUp = systemLookUp,
): EgressRules {
  const ownPorts = new Map<number, number>();

  function isAllowed(host: string, port: number, address: string): boolean {
    if (ownPorts.has(port) && isThisMachine(address)) return false;
    if (allowPrivateUrls || isPublicAddress(address)) return true;
    return allowHosts.some((rule) => allows(rule, host, port, address));
  }

  return {
    resolve: async (given, port) => {
      const host = canonicalHost(given);
      const all = ipaddr.isValid(host) ? [host] : await lookUp(host);
      const allowed = all.filter((address) => isAllowed(host, port, address));
      if (allowed.length === 0) throw new EgressRefusal(host, port, all[0] ?? 'no address');
      return allowed;
    },
    protect: (port) => {
      ownPorts.set(port, (ownPorts.get(port) ?? 0) + 1);
      return () => {
        const left = (ownPorts.get(port) ?? 0) - 1;
        if (left > 0) ownPorts.set(port, left);
        else ownPorts.delete(port);
      };
    },
  };
}

/** The one spelling of a host: URL knows the decimal, hexadecimal and short spellings of addresses. */
export function canonicalHost(given: string): string {
  const bare = given.includes(':') && !given.startsWith('[') ? `[${given}]` : given;
  if (/[/?#@\\\s]/.test(bare) || !URL.canParse(`http://${bare}/`))
    throw new Error(`"${given}" is not a host`);
  return new URL(`http://${bare}/`).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

/** Whether connecting to an address ends on the worker's machine. */
function isThisMachine(address: string): boolean {
  const given = ipaddr.process(address);
  if (['loopback', 'unspecified'].includes(given.range())) return true;
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some((one) => ipaddr.process(one.address).toString() === given.toString());
}
