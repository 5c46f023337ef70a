import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { parseApiConfig } from '../../../../worker/api/config/apiConfig.ts';
import { type ApiWorld, apiConfig, KEYS, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const C = '/api/v2/video/call/default';
let world: ApiWorld | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

test.skipIf(redisMissing)(
  'a client that asks too often is told so, and by all servers together',
  async () => {
    world = await startApi({ servers: 2, config: { requests_per_minute: 6 } });
    const answers = [];
    for (let n = 0; n < 8; n += 1)
      answers.push(
        await world.call('GET', '/api/v2/video/calltypes', undefined, { url: world.urls[n % 2] as string }),
      );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
    const { headers, body } = answers[6] as (typeof answers)[number];
    expect(body).toMatchObject({ code: 9, StatusCode: 429 });
    expect(headers.get('x-ratelimit-limit')).toBe('6');
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(headers.get('x-ratelimit-reset'))).toBeGreaterThan(Date.now() / 1000 - 1);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers[0]?.headers.get('x-ratelimit-remaining')).toBe('5');
    const user = await world.call('GET', `${C}/a`, undefined, {
      token: await world.token({ user_id: 'ann' }),
    });
    expect(user.status).toBe(404);
    expect((await world.call('GET', '/api/v2/video/calltypes', undefined, { tenant: 'other' })).status).toBe(
      200,
    );
  },
);

test.skipIf(redisMissing)(
  'pictures for people take nothing from what their API key may ask for',
  async () => {
    world = await startApi({ config: { requests_per_minute: 3 } });
    const ask = async (method: string, path: string) => {
      const { status, headers } = await (world as ApiWorld).call(method, path);
      return [status, headers.get('x-ratelimit-remaining')];
    };
    const picture = '/api/v1/recordings/one-that-nobody-has/picture';
    const pictures = [];
    for (let n = 0; n < 4; n += 1) pictures.push(await ask('GET', picture));
    expect(pictures).toEqual([
      [404, '2'],
      [404, '1'],
      [404, '0'],
      [429, '0'],
    ]);
    expect(await ask('GET', '/api/v1/recordings')).toEqual([200, '2']);
    expect(await ask('POST', picture)).toEqual([404, '1']);
    expect(await ask('GET', '/api/v1/recordings/picture')).toEqual([404, '0']);
  },
);

test.skipIf(redisMissing)('whoever tries keys or tokens is told to wait', async () => {
  world = await startApi({ config: { requests_per_minute: 10 } });
  const tries = [];
  for (let n = 0; n < 4; n += 1)
    tries.push((await world.call('GET', `${C}/a`, undefined, { token: `guess-${n}` })).status);
  expect(tries).toEqual([401, 401, 429, 429]);
});

test.skipIf(redisMissing)('no key, token or secret reaches the log', async () => {
  const lines: string[] = [];
  const sink = new Writable({
    write: (chunk, _, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  world = await startApi({ log: pino({ level: 'trace' }, sink) });
  const token = await world.token({ user_id: 'ann' });
  await world.call('POST', `${C}/a/start_recording`, { recording_external_storage: 'x' });
  await world.call('GET', `${C}/a/recordings`, undefined, { token });
  await world.call('GET', `${C}/a/recordings`, undefined, { token: `${token}x` });
  await fetch(`${world.url}/nothing?api_key=${KEYS.acme.key}&token=${token}`);
  await world.call('POST', '/api/v2/external_storage', {
    ...{ name: 's', bucket: 'b', storage_type: 's3' },
    aws_s3: { s3_region: 'r', s3_api_key: 'AKIA-in-the-body', s3_secret: 'secret-in-the-body' },
  });
  expect(lines.length).toBeGreaterThan(4);
  expect(lines.join('')).not.toMatch(/acme-key|eyJ|secret-|AKIA|signature=/);
});

test.skipIf(redisMissing)(
  'requests that are running are answered when the server leaves, and no more are taken',
  async () => {
    const leaving = await startApi();
    const running = Array.from({ length: 10 }, (_, n) =>
      leaving.call('POST', `${C}/leave-${n}/start_recording`),
    );
    await running[0];
    const answered = Promise.allSettled(running);
    await leaving.close();
    const left = await answered;
    expect(left.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    await expect(fetch(`${leaving.url}/healthz`)).rejects.toThrow();
  },
);

test.skipIf(redisMissing)('without Redis the server says that it cannot answer, and soon', async () => {
  world = await startApi();
  expect((await fetch(`${world.url}/healthz`)).status).toBe(200);
  await world.loseRedis();
  const startedAt = performance.now();
  expect((await fetch(`${world.url}/healthz`)).status).toBe(503);
  const refused = await world.call('POST', `${C}/a/start_recording`);
  expect(refused).toMatchObject({
    status: 503,
    body: { code: -1, StatusCode: 503, more_info: '', details: [] },
  });
  expect(performance.now() - startedAt).toBeLessThan(15_000);
});

test('what is wrong with the configuration is told at once, without its secrets', () => {
  const wrong = {
    ...apiConfig(),
    link_secret: 'short',
    tenants: { acme: { api_keys: { key: 'tiny-secret' }, storage: { kind: 's4' } } },
    colour: 'red',
  };
  const told = () => parseApiConfig(wrong, 'api.json');
  expect(told).toThrow(
    /link_secret: must have at least 32[\s\S]*api_keys\.key: is a secret of fewer[\s\S]*storage[\s\S]*colour/,
  );
  expect(told).not.toThrow(/tiny-secret/);
});

test('an API key belongs to one tenant', () => {
  const tenants = {
    one: { api_keys: { key: KEYS.acme.secret } },
    two: { api_keys: { key: KEYS.other.secret } },
  };
  expect(() => apiConfig({ tenants })).toThrow('two tenants have the API key "key"');
});
