import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';

const LIBRARY = new URL('../../../node_modules/livekit-client/dist/', import.meta.url);
const FILES_OF_LIBRARY = ['livekit-client.umd.js', 'livekit-client.e2ee.worker.js'];
const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' };

/** Serves this folder and the LiveKit client library on loopback. */
export async function servePublisherPage(): Promise<{
  url: string;
  stop(): Promise<void>;
}> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response).catch(() => response.writeHead(404).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  async function stop(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
  return { url: `http://127.0.0.1:${port}/`, stop };
}

async function answer(path: string, response: ServerResponse): Promise<void> {
  const file = fileFor(path);
  const body = await readFile(file);
  response.writeHead(200, { 'content-type': TYPES[extname(file.pathname)] ?? 'text/plain' }).end(body);
}

function fileFor(path: string): URL {
  if (path === '/') return new URL('index.html', import.meta.url);
  if (FILES_OF_LIBRARY.includes(path.slice(1))) return new URL(path.slice(1), LIBRARY);
  return new URL(`.${path}`, import.meta.url);
}
