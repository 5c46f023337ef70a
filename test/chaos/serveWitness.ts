import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const PAGE = fileURLToPath(new URL('page', import.meta.url));

/** What the page can be ordered to do, once: the page that is loaded after it behaves. */
export type Order = 'hang' | 'leave' | 'lose everything';

export interface Witness {
  /** The page's address. Its clock counts from this call on. A noisy page makes a large file. */
  url(looks?: 'calm' | 'noisy'): { readonly url: string; readonly baseUnixMs: number };
  order(order: Order): void;
  close(): Promise<void>;
}

/** Serves the page that shows its own clock. */
export async function serveWitness(): Promise<Witness> {
  const page = sirv(PAGE, { dev: true });
  const listening = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    if (request.url === '/orders') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(':\n\n');
      listening.add(response);
      response.once('close', () => listening.delete(response));
    } else if (request.url === '/elsewhere') response.end('<h1>another page</h1>');
    else page(request, response, () => void response.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (looks = 'calm') => {
      const baseUnixMs = Date.now();
      const noise = looks === 'noisy' ? '&noise' : '';
      return { url: `http://127.0.0.1:${port}/?base=${baseUnixMs}${noise}`, baseUnixMs };
    },
    order: (order) => {
      for (const response of listening) response.write(`data: ${order}\n\n`);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
