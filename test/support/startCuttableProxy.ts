import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that can be cut, as a network or a load balancer does. */
export interface CuttableProxy {
  readonly url: string;
  /** How many connections were asked for so far, also those that were refused. */
  connections(): number;
  /** Leads to another server from now on; null for none, so that connections are refused. Those there are end. */
  leadTo(url: string | null): void;
  /** Ends every connection in the middle, and both ends hear of it. */
  cut(): void;
  close(): Promise<void>;
}

/** Starts a proxy on loopback that leads to a server. */
export async function startCuttableProxy(url: string): Promise<CuttableProxy> {
  let target: string | null = url;
  let asked = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    asked += 1;
    if (target === null) return void client.destroy();
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => asked,
    leadTo: (next) => {
      if (next === target) return;
      target = next;
      // Clients keep connections for their next requests.
      cut();
    },
    cut,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
