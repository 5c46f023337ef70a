import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fuzzApi, sendNonsense } from '../../../fuzz/apiRequests.ts';
import { type ApiWorld, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

/** `npm run fuzz:api` sends ten thousand. */
const RUNS = 300;

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
        '/twirp/livekit.Egress/StartRoomCompositeEgress',
        '/2010-04-01/Accounts/{account}/Calls/{call}/Recordings.json',
        '/v2/recordings/start',
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

test.skipIf(redisMissing)(
  'whatever is sent, the answer is no fault of the server and has the shape of its vendor',
  { timeout: RUNS * 100 + 20_000 },
  async () => {
    const counts = await fuzzApi({ url: world.url, requests: RUNS });
    expect(counts.size).toBeGreaterThan(3);
  },
);

test.skipIf(redisMissing)('what is no HTTP ends its own connection and nothing else', async () => {
  expect(await sendNonsense(world.url)).toBeGreaterThan(10);
});
