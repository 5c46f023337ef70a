import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { eventually } from '../support/eventually.ts';
import { makeClips } from './makeClips.ts';

const PAGE = fileURLToPath(new URL('page', import.meta.url));
const CLIPS = fileURLToPath(new URL('../../.cache/bench-clips', import.meta.url));
const TILES = 4;

export type BenchPage = Awaited<ReturnType<typeof serveBenchPage>>;

/** Serves the pages and their clips on loopback, and the files of one more folder, if there is one. */
export async function serveBenchPage(folder?: string) {
  await makeClips(CLIPS);
  const page = sirv(PAGE, { dev: true });
  const clips = sirv(CLIPS, { dev: true });
  const more = folder === undefined ? undefined : sirv(folder, { dev: true });
  let clipsAsked = 0;
  const server = createServer((request, response) => {
    if (request.url?.endsWith('v1.webm')) clipsAsked++;
    page(request, response, () => clips(request, response, more && (() => more(request, response))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/?n=${TILES}`,
    /** Runs a function that opens the page. Resolves once the page is shown. */
    opened: async <T>(open: () => T | Promise<T>): Promise<T> => {
      const before = clipsAsked;
      const result = await open();
      await eventually('the page asks for its first clip', () => clipsAsked > before, { withinMs: 60_000 });
      return result;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
