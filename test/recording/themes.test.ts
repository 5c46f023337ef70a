import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const SHEETS: Readonly<Record<string, string>> = {
  'good.css': '.str-video__participant-view { border-radius: 0 }',
  'unclosed.css': '.str-video__participant-view { border-radius: 0;\n.str-video__video { opacity: 1 }',
  'page.css': '<!doctype html><p>404, in a way</p>',
  'huge.css': '.str-video__participant-view { border-radius: 0 }\n'.repeat(200_000),
  'hiding.css': '* { display: none !important }',
  'picture.svg': '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
};

let server: Server;
let compositor: Compositor;

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    const text = SHEETS[url?.slice(1) ?? ''];
    if (url === '/slow.css') return; // never answers
    if (url === '/large.png') {
      const bytes = Buffer.alloc(9_000_000);
      return response
        .writeHead(200, { 'content-type': 'image/png', 'content-length': bytes.length })
        .end(bytes);
    }
    if (url === '/elsewhere.css') return response.writeHead(302, { location: '/bomb.css' }).end();
    if (url === '/bomb.css' || url === '/zipped.css') {
      const css = SHEETS[url === '/bomb.css' ? 'huge.css' : 'unclosed.css'] ?? '';
      return response
        .writeHead(200, { 'content-type': 'text/css', 'content-encoding': 'gzip' })
        .end(gzipSync(css));
    }
    response
      .writeHead(text === undefined ? 404 : 200, {
        'content-type': url?.endsWith('.svg') ? 'image/svg+xml' : 'text/css',
        'content-length': Buffer.byteLength(text ?? ''),
      })
      .end(text);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  compositor = await startCompositor({ COMPOSITOR_COST_SCALE: '0.5' });
}, 60_000);

afterAll(async () => {
  await compositor?.close();
  server?.closeAllConnections();
  server?.close();
});

/** The page warns, too, that it could not load it. */
function tooLarge(name: string) {
  const message = expect.stringContaining(`${name} is larger than 2 MiB`);
  return expect.arrayContaining([expect.objectContaining({ code: 'css_failed', message })]);
}

test.concurrent.each([
  ['good.css', []],
  [
    'unclosed.css',
    [{ code: 'css_broken', message: expect.stringContaining('line 1: a block without its end') }],
  ],
  ['page.css', [{ code: 'css_broken', message: expect.stringContaining('it has no rules') }]],
  ['huge.css', tooLarge('huge.css')],
  ['elsewhere.css', tooLarge('elsewhere.css')],
  [
    'zipped.css',
    [{ code: 'css_broken', message: expect.stringContaining('line 1: a block without its end') }],
  ],
  ['none.css', [{ code: 'css_failed', message: expect.stringContaining('none.css could not be loaded') }]],
  ['slow.css', [{ code: 'css_failed', message: expect.stringContaining('did not load within 5000 ms') }]],
  [
    'hiding.css',
    [{ code: 'picture_blank', message: expect.stringContaining('one flat colour from 0 s'), at_s: 0 }],
  ],
])('with %s the call is recorded to its end, and the result says what is wrong', async (name, warnings) => {
  const { port } = server.address() as AddressInfo;
  const result = await compositor.record({
    call: { id: 'themed' },
    source: { kind: 'demo', participants: 3 },
    recording: {
      quality: '360p',
      layout: { name: 'grid', external_css_url: `http://127.0.0.1:${port}/${name}` },
    },
    limits: { max_duration_s: 2 },
  });
  expect(result).toMatchObject({ status: 'completed', error: null, duration_s: 2, ready_signal: 'message' });
  expect(result.warnings).toMatchObject(warnings);
});

test.concurrent('a call whose images do not exist, or are too large, is recorded to its end, and the result says what is wrong', async () => {
  const { port } = server.address() as AddressInfo;
  const options = {
    'logo.image_url': `http://127.0.0.1:${port}/none.png`,
    'layout.background_image': `url(http://127.0.0.1:${port}/picture.svg), url(http://127.0.0.1:${port}/large.png)`,
  };
  const result = await compositor.record({
    call: { id: 'logo' },
    source: { kind: 'demo', participants: 1 },
    recording: { quality: '360p', layout: { name: 'grid', options } },
    limits: { max_duration_s: 1 },
  });
  expect(result).toMatchObject({ status: 'completed', error: null, duration_s: 1 });
  expect(result.warnings.map(({ message }) => message).sort()).toMatchObject([
    expect.stringContaining('large.png could not be loaded'),
    expect.stringContaining('large.png is larger than 8 MiB'),
    expect.stringContaining('none.png could not be loaded'),
  ]);
});
