import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

// These ports are below the range from which the kernel chooses (32768 and up on Linux), so no outgoing
// connection takes the port before it is used.
const LOWEST_PORT = 20_000;
const HIGHEST_PORT = 32_000;

const handedOut = new Set<number>();

/**
 * Resolves to a port of 127.0.0.1 that is free for TCP and for UDP, a different one each time. The package
 * get-port is not used here: it does not check UDP, which LiveKit needs, and it would give the same port to
 * test files that run at the same time.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST_PORT + Math.floor(Math.random() * (HIGHEST_PORT - LOWEST_PORT));
    if (!handedOut.has(port) && (await isFreeTcp(port)) && (await isFreeUdp(port))) {
      handedOut.add(port);
      return port;
    }
  }
}

async function isFreeTcp(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  return settle(server, () => server.close());
}

async function isFreeUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1');
  return settle(socket, () => socket.close());
}

async function settle(listener: NodeJS.EventEmitter, close: () => void): Promise<boolean> {
  try {
    await once(listener, 'listening');
  } catch {
    return false;
  }
  close();
  await once(listener, 'close');
  return true;
}
