import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { analyzeRecording } from './analyzeRecording.ts';
import { makeClips } from './makeClips.ts';
import { type Measurable, saysReady } from './recorded.ts';

const PAGE = fileURLToPath(new URL('page', import.meta.url));
const CLIPS = fileURLToPath(new URL('../../.cache/bench-clips', import.meta.url));
const TILES = 4;

export interface BenchPage extends Measurable {
  readonly url: string;
}

/** Serves the pages and their clips on loopback, and the files of one more folder, if there is one. */
export async function serveBenchPage(folder?: string): Promise<BenchPage> {
  await makeClips(CLIPS);
  const page = sirv(PAGE, { dev: true });
  const clips = sirv(CLIPS, { dev: true });
  const more = folder === undefined ? undefined : sirv(folder, { dev: true });
  const server = createServer((request, response) =>
    page(request, response, () => clips(request, response, more && (() => more(request, response)))),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/?n=${TILES}`;
  return {
    url,
    open: async (tab) => {
      await tab.goto(url);
      await saysReady(tab);
    },
    job: { call: { id: 'bench' }, layout: { name: 'custom', external_app_url: url } },
    analyze: async (file) => {
      const { avOffsets: _, beepsMs: __, lags: ___, ...analysis } = await analyzeRecording(file);
      return analysis;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
