import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../pages/secret.html', import.meta.url)));

export type SecretPage = Awaited<ReturnType<typeof serveSecret>>;

/** A page that shows a secret, a colour and a tone, as long as it is told to, and says what it has painted. */
export async function serveSecret() {
  let isWanted = false;
  let shown = { isSecret: false, times: 0 };
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(String(request.url), 'http://localhost');
    if (pathname === '/wanted') return void response.end(isWanted ? 'secret' : 'nothing');
    if (pathname !== '/shown') return void response.setHeader('content-type', 'text/html').end(PAGE);
    const isSecret = search === '?secret';
    shown = { isSecret, times: shown.isSecret === isSecret ? shown.times + 1 : 1 };
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (query = '') => `http://127.0.0.1:${port}/${query}`,
    /** Resolves once the page has shown that so many times, at most 15 a second; with 0 it is not waited for. */
    show: async (what: 'secret' | 'nothing', times: number) => {
      isWanted = what === 'secret';
      if (times === 0) return;
      const isShown = () => shown.isSecret === isWanted && shown.times >= times;
      await eventually(`the page shows ${what}`, isShown, { withinMs: 30_000 });
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
