import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

/** Ten thousand took a minute. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);

let world: ApiWorld;
beforeAll(async () => {
  world = await startApi();
});
afterAll(() => world?.close());

const document = async () => (await fetch(`${world.url}/openapi.json`)).json();

test.skipIf(redisMissing)(
  'the document is valid OpenAPI, and names every path that the server answers',
  async () => {
    const described = await document();
    const { valid, errors } = await new Validator().validate(described);
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
    expect(Object.keys(described.paths)).toEqual(
      expect.arrayContaining([
        '/api/v2/video/call/{type}/{id}/start_recording',
        '/api/v2/video/call/{type}/{id}/{session}/recordings/{filename}',
        '/api/v2/external_storage/{name}/check',
        '/api/v1/recordings/{id}',
      ]),
    );
    expect(Object.keys(described.paths).filter((path) => path.startsWith('/video/'))).toEqual([]);
  },
);

test.skipIf(redisMissing)('the page shows every path, without loading anything', async () => {
  const page = await (await fetch(`${world.url}/docs`)).text();
  for (const path of Object.keys((await document()).paths)) expect(page).toContain(path);
  expect(page).not.toMatch(/<script|src=|<link/);
});

/** Values of every type, deep and wide, with names that objects have by themselves. */
const anything = fc.object({
  ...{ maxDepth: 4, maxKeys: 6, withNullPrototype: false },
  key: fc.oneof(
    fc.constantFrom(
      'settings',
      'settings_override',
      'recording',
      'mode',
      'layout',
      'options',
      'data',
      'members',
      'name',
    ),
    fc.constantFrom(
      'grants',
      'aws_s3',
      'constructor',
      'toString',
      '',
      'quality',
      'external_storage',
      'custom',
    ),
    fc.string(),
  ),
  values: [
    ...[
      fc.string({ unit: 'grapheme' }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(''),
    ],
    ...[
      fc.constantFrom('available', 'disabled', '720p', 'grid', 's3', 'default'),
      fc.string({ maxLength: 5_000 }),
    ],
  ],
});

test.skipIf(redisMissing)(
  'whatever is sent, the answer is no fault of the server and has the shape of the API',
  { timeout: RUNS * 100 + 20_000 },
  async () => {
    const { paths } = (await document()) as { paths: Record<string, Record<string, unknown>> };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ path, method })),
    );
    const authorization = await world.token();
    const asked = fc.record({
      route: fc.constantFrom(...routes),
      method: fc.option(fc.constantFrom('get', 'post', 'put', 'patch', 'delete')),
      names: fc.array(
        fc.oneof(
          fc.string({ unit: 'grapheme', minLength: 1 }),
          fc.constantFrom('default', 'a', '..', '%', '__proto__'),
        ),
        { minLength: 4, maxLength: 4 },
      ),
      body: fc.oneof(
        anything.map((given) => JSON.stringify(given)),
        fc.string(),
        fc.constant(''),
      ),
      type: fc.constantFrom(
        'application/json',
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
        '',
      ),
      query: fc.string({ unit: 'grapheme' }),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ route, method, names, body, type, query }) => {
        const left = [...names];
        const path = route.path.replace(/\{\w+\}/g, () => encodeURIComponent(left.pop() ?? 'a'));
        const verb = (method ?? route.method).toUpperCase();
        const address = `${world.url}${path}?api_key=${KEYS.acme.key}&cursor=${encodeURIComponent(query)}`;
        const answer = await fetch(address, {
          ...{ method: verb, headers: { authorization, ...(type && { 'content-type': type }) } },
          ...(verb === 'GET' ? {} : { body }),
        });
        const text = await answer.text();
        expect([500, 502, 503]).not.toContain(answer.status);
        if (answer.status < 400) return;
        const shape = { code: expect.any(Number), message: expect.any(String), StatusCode: answer.status };
        expect(JSON.parse(text)).toMatchObject({
          ...shape,
          duration: expect.any(String),
          more_info: '',
          details: [],
        });
      }),
      { numRuns: RUNS },
    );
  },
);
