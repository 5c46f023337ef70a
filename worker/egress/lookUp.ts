import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import ipaddr from 'ipaddr.js';

/** Looks up every address of a host name, in the order to try them. Throws where there is none. */
export type LookUp = (host: string) => Promise<readonly string[]>;

const HOSTS_FILE = '/etc/hosts';
const QUERY_LIMIT_MS = 3_000;
const QUERY_TRIES = 2;
/** Each look-up by the system keeps one of the four threads busy that also write the recordings. */
const MOST_SYSTEM_LOOK_UPS = 2;

let resolver: Resolver | null = null;
let runningSystemLookUps = 0;
const waiting: (() => void)[] = [];

/**
 * Looks a name up as the system would: in the file of hosts, then at the name servers, then by the system itself,
 * which also knows search domains and local names. Name servers are asked without a thread, because pages choose the
 * names, and a slow answer must not hold up other recordings.
 */
export async function lookUp(host: string): Promise<readonly string[]> {
  if (host === 'localhost' || host.endsWith('.localhost')) return ['127.0.0.1', '::1'];
  const known = await readHostsFile(host);
  if (known.length > 0) return known;
  const answered = await askNameServers(host);
  return answered.length > 0 ? answered : askSystem(host);
}

async function readHostsFile(host: string): Promise<string[]> {
  const text = await readFile(HOSTS_FILE, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    return ipaddr.isValid(address) && names.some((name) => name.toLowerCase() === host) ? [address] : [];
  });
}

/** IPv4 first: many machines have an IPv6 address that leads nowhere. A name server that is slow is an error. */
async function askNameServers(host: string): Promise<string[]> {
  resolver ??= new Resolver({ timeout: QUERY_LIMIT_MS, tries: QUERY_TRIES });
  const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  for (const answer of answers)
    if (answer.status === 'rejected' && answer.reason.code === 'ETIMEOUT') throw answer.reason;
  return [];
}

async function askSystem(host: string): Promise<string[]> {
  if (runningSystemLookUps >= MOST_SYSTEM_LOOK_UPS)
    await new Promise<void>((resolve) => void waiting.push(resolve));
  runningSystemLookUps += 1;
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } finally {
    runningSystemLookUps -= 1;
    waiting.shift()?.();
  }
}
