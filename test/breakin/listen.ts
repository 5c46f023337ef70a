import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { PUBLIC } from './layNetwork.ts';

export interface Ears {
  /** What each port has heard: protocol and address, without those that are public. */
  heard(port: number): string[];
  forget(): void;
  close(): void;
}

/** Listens on every address of this machine, by TCP and UDP, IPv4 and IPv6, on so many ports from the first one on. */
export async function listen(firstPort: number, count: number): Promise<Ears> {
  const heard = new Map<number, Set<string>>();
  const closers: (() => void)[] = [];
  const note = (port: number, protocol: string, address: string) => {
    if ((PUBLIC as readonly string[]).includes(address)) return;
    heard.set(port, (heard.get(port) ?? new Set()).add(`${protocol} ${address}`));
  };
  for (let port = firstPort; port < firstPort + count; port++) {
    const server = createServer((socket) => {
      note(port, 'TCP', String(socket.localAddress).replace('::ffff:', ''));
      socket.on('error', () => {}).resume();
      socket.end('HTTP/1.1 204 No Content\r\naccess-control-allow-origin: *\r\nconnection: close\r\n\r\n');
    });
    await once(server.listen(port, '::'), 'listening');
    const udp = createSocket({ type: 'udp6' });
    udp.on('message', (_, { address }) => note(port, 'UDP', address.replace('::ffff:', 'from ')));
    await once(udp.bind(port, '::'), 'listening');
    closers.push(
      () => server.close(),
      () => udp.close(),
    );
  }
  return {
    heard: (port) => [...(heard.get(port) ?? [])].sort(),
    forget: () => heard.clear(),
    close: () => {
      for (const close of closers) close();
    },
  };
}
