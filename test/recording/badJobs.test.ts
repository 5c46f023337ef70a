import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { processesNaming } from '../support/processesNaming.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
let compositor: Compositor;

beforeAll(async () => {
  compositor = await startCompositor({ COMPOSITOR_ALLOW_PRIVATE_URLS: '0' });
});

afterAll(() => compositor?.close());

const demo = (extra: object) => ({ call: { id: 'a' }, source: { kind: 'demo' }, ...extra });

test.each([
  ['no call id', { call: {}, source: { kind: 'demo' } }, 'invalid_request', 'call.id'],
  ['an unknown layout', demo({ recording: { layout: { name: 'gird' } } }), 'invalid_request', '"grid"'],
  [
    'an unknown option key',
    demo({ recording: { layout: { options: { 'title.txt': 'x' } } } }),
    'invalid_request',
    '"title.text"',
  ],
  [
    'a bad colour',
    demo({ recording: { layout: { options: { 'title.color': 'blak' } } } }),
    'invalid_request',
    'CSS colour',
  ],
  [
    'a bad address',
    demo({ recording: { layout: { external_css_url: 'nope' } } }),
    'invalid_request',
    'external_css_url',
  ],
  [
    'a file address',
    demo({ recording: { layout: { external_app_url: 'file:///etc/passwd' } } }),
    'invalid_request',
    'file:///etc/passwd',
  ],
  ['an unknown quality', demo({ recording: { quality: '721p' } }), 'invalid_request', '"720p"'],
  ['a storage without a bucket', demo({ storage: { kind: 's3' } }), 'invalid_request', 'bucket'],
  ['a job that is not an object', 'a job', 'invalid_request', 'expected object'],
  [
    'a LiveKit call without a token',
    { call: { id: 'a' }, source: { kind: 'livekit', url: 'ws://lk.example' } },
    'invalid_request',
    'source.token',
  ],
  [
    'a loopback app',
    demo({ recording: { layout: { external_app_url: 'http://127.0.0.1:1/' } } }),
    'private_url',
    'COMPOSITOR_ALLOW_PRIVATE_URLS=1',
  ],
  [
    'a loopback stylesheet',
    demo({ recording: { layout: { external_css_url: 'http://[::1]/a.css' } } }),
    'private_url',
    'http://[::1]/a.css',
  ],
])('%s ends the job with its error code and without a browser', async (_what, payload, code, message) => {
  const run = compositor.start(payload);
  const result = await run.result;
  expect(result).toMatchObject({ status: 'failed', file: null, end_reason: code, error: { code } });
  expect(result.error?.message).toContain(message);
  expect(run.events.map(({ type }) => type)).toEqual(['call.recording_failed']);
  expect(await processesNaming(`call-compositor-${compositor.pid}-`)).toEqual([]);
});

test('a worker that refused a job records the next one', async () => {
  expect(await compositor.record('a job')).toMatchObject({ status: 'failed' });
  const result = await compositor.record(demo({ limits: { max_duration_s: 1 } }));
  expect(result).toMatchObject({ status: 'completed', error: null, duration_s: 1 });
});

test.concurrent('an option without effect in the layout is named in a warning, and the call is recorded', async () => {
  const layout = { name: 'grid', options: { 'grid.position': 'top' } };
  const result = await compositor.record(demo({ recording: { layout }, limits: { max_duration_s: 1 } }));
  expect(result.status).toBe('completed');
  expect(result.warnings).toEqual([
    { code: 'option_idle', message: 'The option grid.position has no effect in the layout grid', at_s: null },
  ]);
});

test.concurrent('a worker that cannot reach its Redis says so and exits', async () => {
  const port = await freePort();
  const env = { ...process.env, REDIS_URL: `redis://127.0.0.1:${port}` };
  const child = spawn(process.execPath, [MAIN, 'worker'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(5); // docs/client.md lists what each code means
  expect(stderr).toMatch(new RegExp(`Redis at 127.0.0.1:${port} did not answer .*ECONNREFUSED`));
});
