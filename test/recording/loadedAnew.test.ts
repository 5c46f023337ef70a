import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';
import { servePages } from '../support/servePages.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

let compositor: Compositor;
let pages: Awaited<ReturnType<typeof servePages>>;

beforeAll(async () => {
  pages = await servePages();
  compositor = await startCompositor();
});

afterAll(async () => {
  await compositor?.close();
  await pages?.close();
});

test.concurrent('a page that goes away once is loaded anew', { timeout: 60_000 }, async () => {
  let asked = 0;
  const server = createServer((_request, response) => {
    const page = asked++ === 0 ? 'misbehaves.html?then=leave' : 'misbehaves.html?then=stay';
    response.writeHead(302, { location: pages.url(page) }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const result = await compositor.record({
    call: { id: 'leaves-once' },
    recording: { quality: '360p', layout: { external_app_url: `http://127.0.0.1:${port}/` } },
    limits: { max_duration_s: 8 },
  });
  server.close();
  expect(result).toMatchObject({
    status: 'completed',
    error: null,
    end_reason: 'max_duration',
    duration_s: 8,
  });
  expect(result.gaps.map(({ reason }) => reason)).toEqual([expect.stringContaining('page_left')]);
  expect((await (await inspectRecording(String(result.file))).decodeAll()).errors).toEqual([]);
});

test.concurrent('a page that always goes away is given up after three tries, and what there is is kept', {
  timeout: 90_000,
}, async () => {
  const result = await compositor.record({
    call: { id: 'always-leaves' },
    recording: {
      quality: '360p',
      layout: { external_app_url: pages.url('misbehaves.html?then=leave') },
    },
    limits: { max_duration_s: 60 },
  });
  expect(result).toMatchObject({ status: 'failed', end_reason: 'page_left', error: { code: 'page_left' } });
  expect(result.gaps).toHaveLength(4);
  expect(result.gaps.at(-1)?.until_s).toBeNull();
  const { errors, videoFrameCount } = await (await inspectRecording(String(result.file))).decodeAll();
  expect({ errors, videoFrameCount }).toEqual({ errors: [], videoFrameCount: result.frames });
});
