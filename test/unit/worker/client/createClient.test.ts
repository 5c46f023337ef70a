import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { EXIT, exitCodeOf } from '../../../../worker/cli/exitCodes.ts';
import { type Client, CompositorError, createClient } from '../../../../worker/client/api/index.ts';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { type CuttableProxy, startCuttableProxy } from '../../../support/startCuttableProxy.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const { key: apiKey, secret } = KEYS.acme;
let world: ApiWorld;
let proxy: CuttableProxy;
let client: Client;
beforeAll(async () => {
  world = await startApi();
  proxy = await startCuttableProxy(world.url);
  client = createClient({ url: `${proxy.url}/`, apiKey, secret });
});
afterAll(async () => {
  await proxy?.close();
  await world?.close();
});

/** A server that answers as the test says. Resolves to its address. */
async function startOdd(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const refused = async (asked: Promise<unknown>) => {
  const error = await asked.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CompositorError)) throw new Error('nothing was refused', { cause: error });
  return error;
};

describe.skipIf(redisMissing)('the client', () => {
  test('starts, reads, changes, stops and deletes a recording', async () => {
    const started = await client.start({ call_id: 'story', quality: '360p' });
    expect(started).toMatchObject({ state: 'queued', call_id: 'story', quality: '360p' });
    await world.begins(started.id);
    expect((await client.get(started.id)).events).toMatchObject([{ type: 'call.recording_phase' }]);
    await client.update(started.id, { layout: { name: 'grid', options: { 'title.text': 'Hello' } } });
    expect(await world.layoutChanges(started.id)).toEqual([
      { name: 'grid', options: { 'title.text': 'Hello' } },
    ]);
    expect(await client.stop(started.id)).toMatchObject({ state: 'stopping' });
    expect(await world.stops()).toContain(started.id);
    await world.ends(started.id);
    const { files } = await client.get(started.id);
    expect(files).toMatchObject([{ media_type: 'video/mp4', duration_s: 3 }]);
    await client.delete(started.id);
    expect(await refused(client.get(started.id))).toMatchObject({ status: 404, code: 16 });
  });

  test('lists over all pages, and page by page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.unshift((await world.keep('paged', { createdAt: 1_000 + n })).id);
    const query = { call_type: 'default', call_id: 'paged', limit: 2 };
    const listed: string[] = [];
    for await (const { id } of client.list(query)) listed.push(id);
    expect(listed).toEqual(ids);
    const sizes: number[] = [];
    for await (const { recordings } of client.pages(query)) sizes.push(recordings.length);
    expect(sizes).toEqual([2, 2, 1]);
  });

  test('says what was refused, with the code and each field', async () => {
    const error = await refused(client.start({ call_id: 'bad', quality: '719p' as never }));
    expect(error).toMatchObject({ name: 'CompositorError', status: 400, code: 4, isPassing: false });
    expect(error.message).toContain('719p');
    expect(Object.keys(error.fields)).toEqual(['quality']);
  });

  test('with a token that may only read reads, and is refused all else', async () => {
    const viewer = createClient({ url: world.url, apiKey, secret, claims: { role: 'viewer' } });
    const { id } = await client.start({ call_id: 'viewed' });
    expect((await viewer.get(id)).id).toBe(id);
    expect(await viewer.workers()).toEqual([]);
    for await (const one of viewer.list({ call_id: 'viewed' })) expect(one.id).toBe(id);
    for (const change of [
      () => viewer.start({ call_id: 'by-viewer' }),
      () => viewer.stop(id),
      () => viewer.update(id, { layout: { name: 'grid' } }),
      () => viewer.delete(id),
    ])
      expect(await refused(change())).toMatchObject({ status: 403, code: 17 });
    expect((await client.get(id)).state).toBe('queued');
  });

  test('takes a token that somebody else has made, or what gets one', async () => {
    const token = await world.token();
    for (const given of [token, () => token, async () => token]) {
      const one = createClient({ url: world.url, apiKey, token: given });
      expect(await one.workers()).toEqual([]);
    }
    const wrong = createClient({ url: world.url, apiKey, secret: 'another secret of this key' });
    expect(await refused(wrong.workers())).toMatchObject({ status: 401, code: 43 });
  });

  test('asks again where a read is not answered, and never where a change is not', async () => {
    proxy.leadTo(null);
    const before = proxy.connections();
    const change = refused(client.start({ call_id: 'once' }));
    expect(await change).toMatchObject({ status: null, isPassing: true });
    // None where it was sent over a connection that had just been cut.
    expect(proxy.connections() - before).toBeLessThanOrEqual(1);
    const read = client.workers();
    setTimeout(() => proxy.leadTo(world.url), 300);
    expect(await read).toEqual([]);
    const listed: string[] = [];
    for await (const { id } of client.list({ call_id: 'once' })) listed.push(id);
    expect(listed).toEqual([]);
  });

  test('asks again where an answer is cut, and says so where that may have changed something', async () => {
    const answers = ['cut', 'cut', 'whole'];
    const url = await startOdd((response) => {
      const body = JSON.stringify({ workers: [] });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
      if (answers.shift() === 'whole') return void response.end(body);
      response.write(body.slice(0, 5));
      setTimeout(() => response.destroy(), 50);
    });
    const odd = createClient({ url, apiKey, secret });
    expect(await odd.workers()).toEqual([]);
    expect(answers).toEqual([]);
    const error = await refused(odd.start({ call_id: 'cut' }));
    expect(error).toMatchObject({ status: null, isPassing: true, cause: expect.anything() });
    expect(error.message).toContain(`the answer from ${url} was cut`);
    expect(exitCodeOf(error)).toBe(EXIT.unreachable);
  });

  test('says that an answer is no JSON, and does not ask again', async () => {
    let asked = 0;
    const url = await startOdd((response) => {
      asked += 1;
      response.end('<h1>Welcome</h1>');
    });
    const error = await refused(createClient({ url, apiKey, secret }).workers());
    expect(error).toMatchObject({ status: 200, isPassing: false });
    expect(error.message).toContain('is no JSON');
    expect(asked).toBe(1);
  });

  test('asks again for a token, and then says that there is none', async () => {
    let asked = 0;
    const token = () => {
      asked += 1;
      if (asked === 1) throw new TypeError('Failed to fetch');
      return world.token();
    };
    expect(await createClient({ url: world.url, apiKey, token }).workers()).toEqual([]);
    asked = 0;
    const error = await refused(
      createClient({ url: world.url, apiKey, token }).start({ call_id: 'no-token' }),
    );
    expect(error).toMatchObject({ status: null, isPassing: true, cause: expect.any(TypeError) });
    expect(error.message).toBe('there is no token for the request: Failed to fetch');
  });

  test('refuses an address that is none, before it asks', () => {
    expect(() => createClient({ url: 'recordings.example.com', apiKey, secret })).toThrow();
    expect(() => createClient({ url: 'ftp://recordings.example.com', apiKey, secret })).toThrow(
      'must begin with http',
    );
  });
});
