import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

/** Serves test/pages under two names that are two sites, and remembers what was asked for. */
export async function serveWitness() {
  const asked: string[] = [];
  const serve = sirv(fileURLToPath(new URL('../pages/', import.meta.url)), { dev: true });
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    serve(request, response, () => {
      if (request.url?.startsWith('/download'))
        response.setHeader('content-disposition', 'attachment; filename=downloaded.bin');
      response.end('x'.repeat(10_000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path = '') => `http://127.0.0.1:${port}/${path}`,
    asked,
    /** Whether anything below this path was asked for. */
    wasAsked: (path: string) => asked.some((one) => one.startsWith(path)),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
