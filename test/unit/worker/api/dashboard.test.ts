import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, apiConfig, KEYS, startApi } from '../../../support/startApi.ts';

const SESSION = '/api/v1/dashboard/session';
const JOBS = '/dashboard/api/queues?activeQueue=api-tests&status=latest&page=1&jobsPerPage=10';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApi({ config: { dashboard: { keys: [KEYS.acme.key] } } });
});
afterAll(() => world.close());

/** The cookie that a session has begun with, and all that the server said of it. */
async function begin(): Promise<{ readonly cookie: string; readonly said: string }> {
  const { headers, status } = await world.call('POST', SESSION);
  expect(status).toBe(204);
  const said = headers.get('set-cookie') ?? '';
  return { said, cookie: said.split(';')[0] ?? '' };
}
const open = (path: string, cookie?: string, method = 'GET') =>
  fetch(`${world.url}${path}`, { method, headers: cookie ? { cookie } : {}, redirect: 'manual' });

test('is for servers of the keys that the operator has named, and for nobody else', async () => {
  const asked = async (from: Parameters<ApiWorld['call']>[3]) => {
    const { body } = await world.call('GET', SESSION, undefined, from);
    const { status } = await world.call('POST', SESSION, undefined, from);
    return [body.is_allowed, status];
  };
  expect(await asked({})).toEqual([true, 204]);
  expect(await asked({ tenant: 'other' })).toEqual([false, 403]);
  expect(await asked({ token: await world.token({ role: 'viewer' }) })).toEqual([false, 403]);
  expect(await asked({ token: await world.token({ user_id: 'ana', role: 'admin' }) })).toEqual([false, 403]);
});

test('opens with the cookie of a session alone, which no script and no other site gets at', async () => {
  const { said, cookie } = await begin();
  expect(said).toMatch(/HttpOnly/);
  expect(said).toMatch(/SameSite=Strict/);
  expect(said).toMatch(/Path=\/dashboard/);
  expect((await open('/dashboard', cookie)).status).toBe(200);
  for (const wrong of [undefined, `${cookie}x`, 'call_compositor_dashboard='])
    for (const path of ['/dashboard', '/dashboard/', JOBS, '/dashboard/static/favicon.ico'])
      expect((await open(path, wrong)).status).toBe(401);
  // A token of the API is none of a session.
  const token = await world.token({ api_key: KEYS.acme.key });
  expect((await open(JOBS, `call_compositor_dashboard=${token}`)).status).toBe(401);
});

test('hides whatever of a job might be a secret', async () => {
  await world.call('POST', '/api/v1/recordings', {
    call_id: 'with-secrets',
    source: { kind: 'livekit', url: 'wss://livekit.example/?key=planted-1', token: 'planted-2' },
    layout: {
      name: 'grid',
      options: { 'title.text': 'planted-3' },
      external_css_url: 'https://a.example/planted-4',
    },
  });
  const { cookie } = await begin();
  const told = await (await open(JOBS, cookie)).text();
  expect(told).toContain('with-secrets');
  expect(told).toContain('"kind":"livekit"');
  expect(told).not.toContain('planted');
  const [job] = await world.jobs();
  const one = await (await open(`/dashboard/api/queues/api-tests/${job?.id}`, cookie)).text();
  expect(one).toContain('with-secrets');
  expect(one).not.toContain('planted');
});

test('changes nothing, whatever is asked', async () => {
  const { cookie } = await begin();
  for (const [method, path] of [
    ['PUT', '/dashboard/api/queues/pause'],
    ['PUT', '/dashboard/api/queues/api-tests/empty'],
    ['PUT', '/dashboard/api/queues/api-tests/obliterate'],
    ['POST', '/dashboard/api/queues/api-tests/add'],
    ['PATCH', '/dashboard/api/queues/api-tests/1/update-data'],
  ] as const)
    expect((await open(path, cookie, method)).status).toBe(403);
});

test('is not there unless the operator has named a key, which must be one', async () => {
  const off = await startApi();
  try {
    expect((await fetch(`${off.url}/dashboard`)).status).toBe(404);
    expect((await off.call('GET', SESSION)).body).toEqual({ is_allowed: false });
    expect((await off.call('POST', SESSION)).status).toBe(403);
  } finally {
    await off.close();
  }
  expect(() => apiConfig({ dashboard: { keys: ['nobody'] } })).toThrow('no tenant has the API key "nobody"');
  const below = { public_url: 'https://a.example/recordings', dashboard: { keys: [KEYS.acme.key] } };
  expect(() => apiConfig(below)).toThrow('needs a public_url without a path');
});

test.each([
  '/dashboard/static/none.js',
  '/dashboard/static/..%2f',
  '/dashboard/static/..%2f..%2fpackage.json',
  '/dashboard/static/%00',
  '/dashboard/static/',
])('has no page at %s', async (path) => {
  const { cookie } = await begin();
  expect((await open(path, cookie)).status).toBe(404);
});
