import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import {
  type Client,
  CompositorError,
  createClient,
  type WatchedEvent,
  type WatchOptions,
} from '../../../../worker/client/api/index.ts';
import { eventually } from '../../../support/eventually.ts';
import { type ApiWorld, KEYS, startApi, type TenantName } from '../../../support/startApi.ts';
import { type CuttableProxy, startCuttableProxy } from '../../../support/startCuttableProxy.ts';
import { redisMissing } from '../../../support/startRedis.ts';
import { startServeProcess } from '../../../support/startServeProcess.ts';

let world: ApiWorld;
let proxy: CuttableProxy;
let calls = 0;
const aborted = new AbortController();

beforeAll(async () => {
  world = await startApi({ servers: 2, config: { clock_leeway_s: 0 } });
  proxy = await startCuttableProxy(world.url);
});
afterEach(() => proxy.leadTo(world.url));
afterAll(async () => {
  aborted.abort();
  await proxy?.close();
  await world?.close();
});

function clientOf(tenant: TenantName = 'acme', claims: Record<string, unknown> = {}): Client {
  const { key: apiKey, secret } = KEYS[tenant];
  return createClient({ url: proxy.url, apiKey, secret, claims });
}

async function start(tenant: TenantName = 'acme'): Promise<string> {
  calls += 1;
  return (await clientOf(tenant).start({ call_id: `watched-${calls}` })).id;
}

/** Watches in the background. Resolves once events come. */
async function watch(options: WatchOptions = {}, client = clientOf()) {
  const heard: WatchedEvent[] = [];
  const states: string[] = [];
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const signal = AbortSignal.any([stop.signal, aborted.signal]);
  const onConnection = (state: string) => void states.push(state);
  const done = (async () => {
    for await (const event of client.watch({ ...options, signal, onConnection })) heard.push(event);
  })();
  await Promise.race([eventually('it is connected', () => states.includes('open')), done]);
  /** Its events in the order in which they came, without progress. */
  const told = (id: string) =>
    heard.filter((event) => event.recording_id === id && event.type !== 'call.recording_progress');
  return { heard, told, states, done, stop: () => stop.abort() };
}

/** A warning by which an event is known again. */
const warns = (id: string, message: string) =>
  world.tells(id, { type: 'call.recording_warning', warning: { code: 'page_slow', message, at_s: 1 } });
const messageOf = (event: RecordingEvent) =>
  event.type === 'call.recording_warning' ? event.warning.message : event.type;

describe.skipIf(redisMissing)('whoever watches', () => {
  test('hears what happens from then on, each event with its position, and progress without one', async () => {
    const before = await start();
    await warns(before, 'before');
    const { heard, told } = await watch();
    const id = await start();
    await world.begins(id);
    await world.progresses(id, { elapsed_s: 1, frames: 30, dropped_frames: 2, size_bytes: 9 });
    await eventually('progress', () => heard.some(({ type }) => type === 'call.recording_progress'));
    await world.ends(id);
    await eventually('its end', () => told(id).at(-1)?.type === 'call.recording_ready');
    expect(told(before)).toEqual([]);
    expect(told(id).map(({ type }) => type)).toEqual(['call.recording_phase', 'call.recording_ready']);
    for (const { position } of told(id)) expect(position).toMatch(/^\d+-\d+$/);
    expect(heard.find(({ type }) => type === 'call.recording_progress')).toEqual({
      ...{ type: 'call.recording_progress', recording_id: id, call_cid: 'default:demo', position: null },
      ...{ created_at: expect.any(String), elapsed_s: 1, frames: 30, dropped_frames: 2, size_bytes: 9 },
    });
  });

  test('hears of one recording from its beginning to its end, however late it asks', async () => {
    const id = await start();
    await warns(await start(), 'of another one');
    await world.begins(id);
    await warns(id, 'one');
    const early = await watch({ recording_id: id });
    await world.ends(id);
    await early.done;
    const late = await watch({ recording_id: id });
    await late.done;
    const story = ['call.recording_phase', 'one', 'call.recording_ready'];
    expect(early.heard.map(messageOf)).toEqual(story);
    expect(late.heard.map(messageOf)).toEqual(story);
    const after = early.heard[1]?.position as string;
    const rest = await watch({ recording_id: id, after });
    await rest.done;
    expect(rest.heard.map(messageOf)).toEqual(story.slice(2));
    const nothing = await watch({ recording_id: id, after: early.heard[2]?.position as string });
    await nothing.done;
    expect(nothing.heard).toEqual([]);
  });

  test('hears of a recording that no worker ever took that nothing follows', async () => {
    const kept = await world.keep('never-told');
    const { heard, done } = await watch({ recording_id: kept.id });
    await done;
    expect(heard).toEqual([]);
  });

  test('misses none and hears none twice, however often the connection is cut', async () => {
    const id = await start();
    const { told, states } = await watch();
    const sent = Array.from({ length: 60 }, (_, n) => `warning ${n}`);
    for (const [n, message] of sent.entries()) {
      await warns(id, message);
      if (n % 20 !== 10) continue;
      const before = proxy.connections();
      proxy.cut();
      await eventually('it connects again', () => proxy.connections() > before);
    }
    await eventually('all of them', () => told(id).length >= sent.length);
    expect(told(id).map(messageOf)).toEqual(sent);
    expect(states.filter((state) => state === 'lost').length).toBeGreaterThanOrEqual(3);
  });

  test('misses none where the connection was cut before anything had happened', async () => {
    const id = await start();
    const { told } = await watch();
    proxy.leadTo(null);
    proxy.cut();
    await warns(id, 'while it was away');
    proxy.leadTo(world.url);
    await eventually('it comes', () => told(id).length === 1);
  });

  test('misses none where the server is killed, and another one is started later', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serve-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const id = await start();
    const first = await startServeProcess(world.redisUrl, folder);
    proxy.leadTo(first.url);
    const { told, states } = await watch();
    await warns(id, 'one');
    await eventually('the first', () => told(id).length === 1);
    await first.kill();
    await warns(id, 'two');
    await eventually('it is lost', () => states.includes('lost'));
    const second = await startServeProcess(world.redisUrl, folder);
    onTestFinished(() => second.kill());
    proxy.leadTo(second.url);
    await warns(id, 'three');
    await eventually('all of them', () => told(id).length === 3, { withinMs: 15_000 });
    expect(told(id).map(messageOf)).toEqual(['one', 'two', 'three']);
  }, 60_000);

  test('goes on at another server when one leaves, which does not wait for it', async () => {
    const leaving = await startApi();
    onTestFinished(() => leaving.close().catch(() => {}));
    const { key: apiKey, secret } = KEYS.acme;
    const { states, stop } = await watch({}, createClient({ url: leaving.url, apiKey, secret }));
    const startedAt = performance.now();
    await leaving.close();
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await eventually('it is told', () => states.includes('lost'));
    stop();
  });

  test('goes on with a new token when the one that it has used expires', async () => {
    const id = await start();
    let asked = 0;
    const token = () => {
      asked += 1;
      return world.token({ exp: Math.floor(Date.now() / 1000) + 2 });
    };
    const client = createClient({ url: proxy.url, apiKey: KEYS.acme.key, token });
    const { told } = await watch({}, client);
    await eventually('another token is used', () => asked >= 2);
    await warns(id, 'after the first token');
    await eventually('it comes', () => told(id).length === 1);
  });

  test('goes on when there is a token again, where the network was away for what gets one', async () => {
    const id = await start();
    let isAway = false;
    let failed = 0;
    const token = async () => {
      if (!isAway) return world.token();
      failed += 1;
      throw new TypeError('Failed to fetch');
    };
    const { told, states, stop, done } = await watch(
      {},
      createClient({ url: proxy.url, apiKey: KEYS.acme.key, token }),
    );
    isAway = true;
    proxy.cut();
    await warns(id, 'while it was away');
    await eventually('it is asked more than once', () => failed >= 2);
    isAway = false;
    await eventually('it comes', () => told(id).length === 1);
    expect(states.slice(0, 2)).toEqual(['open', 'lost']);
    stop();
    await done;
  });

  test('ends where what gets a token says that there will be none', async () => {
    const signedOut = new CompositorError('signed out', { status: 401 });
    const tokens = [() => world.token()];
    const token = async () => {
      const next = tokens.shift();
      if (next) return next();
      throw signedOut;
    };
    const { done } = await watch({}, createClient({ url: proxy.url, apiKey: KEYS.acme.key, token }));
    proxy.cut();
    await expect(done).rejects.toBe(signedOut);
  });

  test('hears of its own tenant alone', async () => {
    const { heard } = await watch({}, clientOf('other'));
    const foreign = await start('acme');
    await world.begins(foreign);
    await world.progresses(foreign, { elapsed_s: 1, frames: 1, dropped_frames: 0, size_bytes: 1 });
    const own = await start('other');
    await warns(own, 'own');
    await eventually('its own', () => heard.length > 0);
    await world.begins(own);
    await world.progresses(own, { elapsed_s: 1, frames: 1, dropped_frames: 0, size_bytes: 1 });
    await eventually('its own progress', () => heard.some(({ type }) => type === 'call.recording_progress'));
    expect(heard.filter(({ recording_id: of }) => of !== own)).toEqual([]);
    await expect(clientOf('other').watch({ recording_id: foreign }).next()).rejects.toMatchObject({
      status: 404,
    });
  });

  test('as a viewer hears all of its tenant, and as a user only of calls that it may list', async () => {
    const path = '/api/v2/video/call/default/of-ann';
    await world.call('POST', path, { data: { created_by_id: 'ann', members: [{ user_id: 'ann' }] } });
    const { id } = await clientOf().start({ call_id: 'of-ann' });
    const other = await start();
    const viewer = await watch({}, clientOf('acme', { role: 'viewer' }));
    const ann = await watch({}, clientOf('acme', { user_id: 'ann' }));
    const bob = await watch({}, clientOf('acme', { user_id: 'bob' }));
    await warns(id, 'of the call');
    await warns(other, 'of another call');
    await eventually(
      'the viewer hears both',
      () => viewer.told(other).length === 1 && viewer.told(id).length === 1,
    );
    await eventually('the member hears one', () => ann.told(id).length === 1);
    expect([ann.told(other), bob.heard]).toEqual([[], []]);
  });

  test.each([
    ['a position that is none', { after: 'yesterday' }, 400],
    ['a recording that is none', { recording_id: 'nobody' }, 404],
  ])('with %s is told so', async (_, options, status) => {
    await expect(clientOf().watch(options).next()).rejects.toMatchObject({ name: 'CompositorError', status });
  });

  test('a server that is not there is told so, and not waited for without end', async () => {
    proxy.leadTo(null);
    await expect(clientOf().watch().next()).rejects.toMatchObject({ name: 'CompositorError', status: null });
  });

  test('by the header of browsers goes on behind it, too', async () => {
    const id = await start();
    await warns(id, 'one');
    await warns(id, 'two');
    const { told } = await watch({ recording_id: id });
    await eventually('both', () => told(id).length === 2);
    const address = `${world.url}/api/v1/events?api_key=${KEYS.acme.key}&recording_id=${id}`;
    const headers = { authorization: await world.token(), 'last-event-id': told(id)[0]?.position as string };
    const answer = await fetch(address, { headers });
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    let text = '';
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) {
      text += new TextDecoder().decode(chunk);
      if (text.includes('two')) break;
    }
    expect(text).not.toContain('"one"');
    expect(text).toMatch(/id: \d+-\d+\n/);
    expect((await fetch(address, { method: 'HEAD', headers })).status).toBe(200);
  });
});
