import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import type { CustomAction } from '../../shared/layout/customActions.ts';
import { imageAddressesIn } from '../../shared/layout/imageAddressesIn.ts';
import type { GivenOptions } from '../../shared/layout/parseLayoutOptions.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { RecordingError } from '../recordingError.ts';

/** Looks up every address of a host name. */
export type LookUp = (host: string) => Promise<readonly { address: string }[]>;

/**
 * Refuses addresses that lead into the worker's own network: the host is, or resolves to, anything but public
 * unicast (loopback, private, link-local with the cloud's metadata server, unique-local, …). Decimal and
 * hexadecimal spellings are covered, since URL normalises them. Throws private_url naming the address.
 */
export async function refusePrivateUrls(urls: readonly string[], lookUp: LookUp = lookUpAll): Promise<void> {
  for (const url of urls) {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    const addresses = ipaddr.isValid(host) ? [host] : await addressesOf(host, url, lookUp);
    const inside = addresses.find((address) => ipaddr.process(address).range() !== 'unicast');
    if (inside === undefined) continue;
    throw new RecordingError(
      'private_url',
      `${url} leads to ${inside}, which is not a public address; set COMPOSITOR_ALLOW_PRIVATE_URLS=1 to allow it`,
    );
  }
}

/** Every address a job asks the browser to load; also what its custom actions would load one day. */
export function externalUrls({ layout }: RecordingRequest): string[] {
  const pages = [layout.externalAppUrl, layout.externalCssUrl].filter((url) => url !== null);
  const actions = (layout.options.custom_actions ?? []) as readonly CustomAction[];
  const overrides = actions.map((action) =>
    action.action_type === 'options_override' ? (action.options as GivenOptions) : {},
  );
  return [...pages, ...[layout.options, ...overrides].flatMap(imageAddressesIn)];
}

async function addressesOf(host: string, url: string, lookUp: LookUp): Promise<string[]> {
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1'];
  try {
    return (await lookUp(host)).map(({ address }) => address);
  } catch (error) {
    throw new RecordingError('private_url', `${url} cannot be checked: the host ${host} does not resolve`, {
      cause: error,
    });
  }
}

function lookUpAll(host: string) {
  return lookup(host, { all: true });
}
