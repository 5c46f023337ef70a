import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { lookForSecrets } from '../../../support/plantedSecrets.ts';
import { type ApiWorld, KEYS, QUEUE, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const CLIENT = fileURLToPath(
  new URL('../../../../.cache/peers/api-clients/videosdk-0.1.1/', import.meta.url),
);
const SEEDS = process.env.SEEDS ?? fileURLToPath(new URL('../../../../../shared/seeds/', import.meta.url));
const clientMissing = existsSync(CLIENT)
  ? null
  : "VideoSDK's client is not installed (STREAM_SDK=1 node test/peers/installPeers.mjs)";
const seedsMissing = existsSync(SEEDS) ? null : `the documentation is not at ${SEEDS}`;
for (const reason of [clientMissing, seedsMissing])
  if (reason) console.warn(`Not all of the recordings of rooms is tested: ${reason}`);

let world: ApiWorld;
let hooks: Server;
let url: string;
let heard: { body: string; signature: string }[] = [];
// biome-ignore lint/suspicious/noExplicitAny: the package is not one of this project, so its types are not here
let client: any;

beforeAll(async () => {
  const tenants = Object.fromEntries(
    Object.entries(KEYS).map(([name, { key, secret }]) => [
      name,
      {
        ...{ api_keys: { [key]: secret }, source: { kind: 'demo' } },
        ...(name === 'acme' && {
          storage: { kind: 's3', bucket: 'calls', region: 'eu-west-1', prefix: 'all' },
        }),
      },
    ]),
  );
  world = await startApi({ config: { tenants } });
  hooks = createServer(async (request, response) => {
    heard.push({ body: await text(request), signature: String(request.headers['videosdk-signature']) });
    response.end();
  });
  await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
  if (clientMissing) return;
  const { VideoSDK } = createRequire(`${CLIENT}package.json`)('@videosdk.live/server-sdk');
  client = new VideoSDK({ apiKey: KEYS.acme.key, secret: KEYS.acme.secret, apiEndpoint: world.url });
});
beforeEach(() => {
  heard = [];
});
afterAll(async () => {
  hooks?.close();
  await world?.close();
});

const token = (claims: Record<string, unknown> = {}, tenant: keyof typeof KEYS = 'acme') =>
  new SignJWT({
    apikey: KEYS[tenant].key,
    permissions: ['allow_join'],
    version: 2,
    roles: ['CRAWLER'],
    ...claims,
  })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime('10m')
    .sign(new TextEncoder().encode(KEYS[tenant].secret));

async function ask(path: string, body?: unknown, given?: { method?: string; token?: string }) {
  const method = given?.method ?? (body === undefined ? 'GET' : 'POST');
  const headers = { authorization: given?.token ?? (await token()), 'content-type': 'application/json' };
  const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await fetch(`${world.url}${path}`, sent);
  return { status: answer.status, body: await answer.json() };
}
const start = (roomId: string, more: Record<string, unknown> = {}) =>
  ask('/v2/recordings/start', { roomId, ...more });
const newest = async () => (await world.jobs())[0];

describe.skipIf(redisMissing)('recordings of rooms', () => {
  test.each([
    [
      { config: { layout: { type: 'GRID', gridSize: 4 }, quality: 'high' } },
      { quality: '1080p', layout: { name: 'grid', options: { 'layout.grid.page_size': 4 } } },
    ],
    [
      {
        config: {
          layout: { type: 'SIDEBAR', priority: 'SPEAKER' },
          theme: 'LIGHT',
          orientation: 'portrait',
          quality: 'low',
        },
      },
      {
        quality: 'portrait-360x640',
        layout: {
          name: 'sidebar',
          options: { 'layout.priority': 'speaker', 'layout.theme': 'light' },
        },
      },
    ],
    [
      { config: { layout: { type: 'GRID', priority: 'PIN' }, theme: 'DARK' } },
      { layout: { name: 'grid', options: { 'layout.priority': 'pin', 'layout.theme': 'dark' } } },
    ],
    [
      { config: { layout: { priority: 'PIN' } } },
      { layout: { name: 'spotlight', options: { 'layout.priority': 'pin' } } },
    ],
    [
      { config: { layout: { type: 'SPOTLIGHT' }, theme: 'DEFAULT' } },
      { layout: { name: 'spotlight', options: { 'layout.theme': 'default' } } },
    ],
    [{ config: { mode: 'audio' } }, { audio_only: true, quality: '720p' }],
    [{ config: '{"mode":"audio"}' }, { audio_only: true }],
    [
      { templateUrl: 'https://example.com/?token=t' },
      { layout: { name: 'custom', external_app_url: 'https://example.com/?token=t' } },
    ],
  ])('%j is what the job is told', async (asked, recording) => {
    const answer = await start(`room-${Math.random()}`, asked);
    expect(answer).toEqual({ status: 200, body: 'Recording started successfully' });
    expect((await newest())?.data).toMatchObject({ recording, storage: { prefix: 'all' } });
  });

  test('lie in the folder that is asked for', async () => {
    await start('folder', { awsDirPath: '/of/ours/' });
    expect((await newest())?.data).toMatchObject({
      storage: { kind: 's3', bucket: 'calls', prefix: 'all/of/ours' },
    });
  });

  test.each([
    [
      { transcription: { enabled: true, summary: { enabled: true } } },
      /^not built yet: transcription\.summary$/,
      501,
    ],
    [{ transcription: { enabled: 'yes' } }, /transcription\.enabled/, 400],
    [{ preSignedUrl: 'https://' }, /^preSignedUrl: is not an http or https address$/, 400],
    [{ config: { layout: { type: 'CIRCLE' } } }, /config\.layout\.type/, 400],
    [{ config: { layout: { priority: 'NEW' } } }, /config\.layout\.priority/, 400],
    [{ webhookUrl: 'nowhere' }, /webhookUrl/, 400],
    [{ roomId: '' }, /roomId/, 400],
  ])('are refused with a reason where they ask for %j', async (asked, message, status) => {
    const answer = await start('refused', asked);
    expect(answer).toMatchObject({ status, body: { message: expect.stringMatching(message) } });
  });

  test('go to a signed address where one is named, which is in the job and nowhere else', async () => {
    const preSignedUrl = 'http://127.0.0.1:9/calls/one.mp4?X-Amz-Signature=a-signature-that-is-secret';
    const answer = await start('signed', { preSignedUrl, awsDirPath: '/ignored' });
    expect(answer.status).toBe(200);
    const { id, data } = (await newest()) as { id: string; data: Record<string, unknown> };
    expect(data.storage).toEqual({ kind: 'presigned', url: preSignedUrl });
    await world.ends(id, { filename: 'one.mp4' });
    const { body } = await ask(`/v2/recordings/${id}`);
    expect(body.file.fileUrl).toMatch(/one\.mp4$/);
    expect(body.file.fileUrl).not.toContain('signature');
    const redis = new Redis(world.redisUrl);
    const look = lookForSecrets({ signature: 'a-signature-that-is-secret' });
    expect(await look.inRedis(redis, [`bull:${QUEUE}:${id}`])).toEqual([]);
    redis.disconnect();
  });

  test.each([
    'participant/start',
    'composite/start',
    'track',
    'merge',
  ])('%s says that it is not built', async (path) => {
    expect((await ask(`/v2/recordings/${path}`, {})).status).toBe(501);
  });

  test('need a token that is signed, is for the API, and is for this room', async () => {
    await start('guarded');
    const end = async (given: string) =>
      (await ask('/v2/recordings/end', { roomId: 'guarded' }, { token: given })).status;
    expect(await end('nothing')).toBe(401);
    expect(await end(await token({ apikey: 'unknown' }))).toBe(401);
    expect(await end(await token({ apikey: KEYS.other.key }))).toBe(401);
    expect(await end(await token({ roles: ['rtc'] }))).toBe(403);
    expect(await end(await token({ roomId: 'another' }))).toBe(403);
    expect(await end(await token({}, 'other'))).toBe(400);
    const { id } = (await newest()) as { id: string };
    const one = `/v2/recordings/${id}`;
    expect((await ask(one, undefined, { token: await token({ roomId: 'another' }) })).status).toBe(404);
    expect((await ask(one, undefined, { token: await token({}, 'other') })).status).toBe(404);
    expect(await end(await token({ roomId: 'guarded' }))).toBe(200);
  });
});

describe.skipIf(redisMissing ?? clientMissing)("recordings of rooms with VideoSDK's client", () => {
  test('are started, listed, read, ended and deleted, and every step is told to the webhook, signed', async () => {
    const room = 'abcd-efgh-ijkl';
    const handle = await client.recordings.start(room, {
      webhookUrl: url,
      config: { layout: { type: 'GRID' } },
    });
    expect(handle.roomId).toBe(room);
    const { id, data } = (await newest()) as Exclude<Awaited<ReturnType<typeof newest>>, undefined>;
    await world.tells(id, { type: 'call.recording_phase', phase: 'launching' });
    await world.tells(id, { type: 'call.recording_started', ready_signal: 'message' });
    expect(await client.recordings.get(id)).toMatchObject({ id, roomId: room, end: null, file: null });
    expect(await client.recordings.stop(handle)).toBe('Recording stopped successfully');
    expect(await world.stops()).toContain(id);
    await world.tells(id, { type: 'call.recording_stopped', end_reason: 'stopped' });
    const path = await world.ends(id);
    await eventually('all webhooks', () => heard.length === 4);
    const told = await Promise.all(
      heard.map(({ body, signature }) => client.webhooks.verify(body, signature)),
    );
    expect(told.map(({ webhookType }) => webhookType)).toEqual([
      ...['recording-starting', 'recording-started', 'recording-stopping', 'recording-stopped'],
    ]);
    expect(told[3]?.data).toEqual({
      ...{ meetingId: room, sessionId: data.call.session_id, filePath: `/${id}.mp4` },
      fileUrl: expect.stringMatching(/^http:\/\/files\.example\/files\/acme\//),
    });
    await expect(client.webhooks.verify(`${heard[3]?.body} `, heard[3]?.signature)).rejects.toThrow();
    const page = await client.recordings.list({ roomId: room });
    expect(page.data).toMatchObject([
      { id, end: '2026-01-02T03:04:58.000Z', file: { size: 11, filePath: `/${id}.mp4` } },
    ]);
    expect(path).toContain(id);
    await expect(client.recordings.get('nothing')).rejects.toMatchObject({ httpStatus: 404 });
  });
});

/** The snippets of a document: from the import to where it prints, or to the call of its main. */
function snippetsOf(number: string): string[] {
  const name = readdirSync(SEEDS).find((file) => file.startsWith(number)) as string;
  const snippet = /^import fetch from .*\n[\s\S]*?^console\.log\(data\);$(?:\n\}\n\nmain\(\);$)?/gm;
  return readFileSync(join(SEEDS, name), 'utf8').match(snippet) ?? [];
}

describe.skipIf(redisMissing ?? seedsMissing)('the documented snippets', () => {
  test('of a start run with nothing changed but what their reader fills in, and the address', async () => {
    const snippets = snippetsOf('004_');
    expect(snippets).toHaveLength(1);
    expect(await run(snippets[0] as string)).toEqual(['Recording started successfully']);
    expect((await newest())?.data).toMatchObject({
      call: { id: 'abcd-efgh-ijkl' },
      storage: { prefix: 'all/s3path' },
    });
  });

  test('of the recording of one participant run, and say that it is not built', async () => {
    const snippets = snippetsOf('002_');
    expect(snippets).toHaveLength(2);
    for (const snippet of snippets)
      expect(await run(snippet)).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/not built/) }),
      ]);
  });

  /** Runs a snippet. Resolves to what it prints. */
  async function run(snippet: string): Promise<unknown[]> {
    const printed: unknown[] = [];
    const filledIn = snippet
      .replace(/^import .*$/m, '')
      .replaceAll('$YOUR_TOKEN', await token())
      .replaceAll('https://api.videosdk.live', world.url)
      .replaceAll(/<[A-Z ]+>/g, '"filled-in"');
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
    await new AsyncFunction('console', filledIn)({ log: (given: unknown) => printed.push(given) });
    await eventually('it prints', () => printed.length > 0);
    return printed;
  }
});
