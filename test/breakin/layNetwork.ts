import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the attacking page is. Nobody else has these addresses in here. */
export const PUBLIC = ['8.8.4.4', '2606:4700:4700::1111'] as const;

/** Addresses inside an operator's network, on this machine in here. */
const PRIVATE = [
  ['10.0.0.1/32', '172.16.0.1/32', '192.168.0.1/32', '169.254.169.254/32', '100.64.0.1/32', '198.18.0.1/32'],
  ['fd00::1/128', 'fec0::1/128', '64:ff9b::a00:1/128', '2002:a00:1::1/128', '2001::1/128'],
].flat();

/** What pages ask for, as it stands in an address: IPv4, and IPv6. */
export const TARGETS = [
  ['127.0.0.1', '10.0.0.1', '169.254.169.254'],
  ['[::1]', '[fd00::1]'],
] as const;

/** Gives this namespace its addresses, a way out that leads nowhere, and the name server and the hosts of this test. */
export async function layNetwork(): Promise<void> {
  ip('link', 'set', 'lo', 'up');
  for (const address of [...PUBLIC.map(withoutNetwork), ...PRIVATE])
    ip('addr', 'add', address, 'dev', 'lo', ...(address.includes(':') ? ['nodad'] : []));
  // WebRTC asks for an interface and a route.
  ip('link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v1');
  ip('addr', 'add', '192.168.7.2/24', 'dev', 'v0');
  ip('link', 'set', 'v0', 'up');
  ip('link', 'set', 'v1', 'up');
  ip('route', 'add', 'default', 'via', '192.168.7.1');
  await replaceFile('/etc/resolv.conf', 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  await replaceFile('/etc/hosts', '127.0.0.1 localhost\n10.0.0.1 hosts-file-name\n');
}

/** In this mount namespace only. */
async function replaceFile(path: string, text: string): Promise<void> {
  const own = join(await mkdtemp(join(tmpdir(), 'breakin-')), 'file');
  await writeFile(own, text);
  execFileSync('mount', ['--bind', own, path]);
}

function withoutNetwork(address: string): string {
  return `${address}/${address.includes(':') ? 128 : 32}`;
}

function ip(...args: string[]): void {
  execFileSync('ip', args);
}
