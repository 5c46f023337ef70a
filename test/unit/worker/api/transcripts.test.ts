import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordedTranscript } from '../../../../shared/events/recordingEvents.ts';
import { parseApiConfig } from '../../../../worker/api/config/apiConfig.ts';
import { redisRecordStore } from '../../../../worker/records/redisRecordStore.ts';
import { isTranscriptDropped } from '../../../../worker/transcripts/transcriptQueue.ts';
import { eventually } from '../../../support/eventually.ts';
import { type ApiWorld, apiConfig, KEYS, QUEUE, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const SERVICE = { url: 'https://speech.example/v1', api_key: { secret: 'speech' }, model: 'small' };
const WAITING: RecordedTranscript = { status: 'waiting', files: [], language: null, error: null };

let world: ApiWorld;
let redis: Redis;
let hook: Server;
let hookUrl: string;
const heard: { webhookType: string; data: Record<string, unknown> }[] = [];

beforeAll(async () => {
  if (redisMissing) return;
  const tenants = Object.fromEntries(
    Object.entries(KEYS).map(([name, { key, secret }]) => {
      const tenant = { api_keys: { [key]: secret }, source: { kind: 'demo' } };
      return [name, name === 'acme' ? { ...tenant, transcription: SERVICE } : tenant];
    }),
  );
  world = await startApi({ config: { tenants } });
  redis = new Redis(world.redisUrl);
  hook = createServer(async (request, response) => {
    heard.push(JSON.parse(await text(request)));
    response.end();
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
});
afterAll(async () => {
  hook?.close();
  redis?.disconnect();
  await world?.close();
});

const roomToken = (tenant: keyof typeof KEYS = 'acme') =>
  world.token({ apikey: KEYS[tenant].key, permissions: ['allow_join'], version: 2 }, tenant);
const ask = async (method: string, path: string, body?: unknown, tenant: keyof typeof KEYS = 'acme') =>
  world.call(method, path, body, { tenant, token: await roomToken(tenant) });
const start = (more: Record<string, unknown>, tenant?: keyof typeof KEYS) =>
  ask(
    'POST',
    '/v2/recordings/start',
    { roomId: randomUUID(), transcription: { enabled: true }, ...more },
    tenant,
  );
const newest = async () => (await world.jobs())[0] as { id: string; data: Record<string, unknown> };

/** A recording that is over; its transcript is as given, with its two files in the folder where it is ready. */
async function recorded(transcript: 'waiting' | 'ready' | 'failed', more: Record<string, unknown> = {}) {
  expect((await start({ webhookUrl: hookUrl, ...more })).status).toBe(200);
  const { id } = await newest();
  const path = await world.ends(id, { result: { transcript: WAITING } });
  if (transcript !== 'waiting') await tells(id, transcript);
  return { id, path };
}

async function tells(id: string, status: 'ready' | 'failed') {
  const files = (['vtt', 'json'] as const).map((format) => ({
    ...{ format, file: join(world.recordingsDir, `${id}.${format}`) },
    ...{ media_type: format === 'vtt' ? 'text/vtt' : 'application/json', size_bytes: 6 },
  }));
  if (status === 'ready') for (const { file } of files) await writeFile(file, 'WEBVTT');
  const transcript: RecordedTranscript =
    status === 'ready'
      ? { ...WAITING, status, files, language: 'english' }
      : { ...WAITING, status, error: 'the service said no' };
  await world.tells(id, { type: 'call.transcription_started', transcript: WAITING });
  await world.tells(id, { type: `call.transcription_${status}`, transcript });
}

describe.skipIf(redisMissing)('a start that asks for a transcript', () => {
  test.each([
    [{ enabled: true }, SERVICE],
    [
      { enabled: true, modelId: 'large' },
      { ...SERVICE, model: 'large' },
    ],
    [{ enabled: true, summary: { enabled: false } }, SERVICE],
    ['{"enabled":true}', SERVICE],
    [{ enabled: false, summary: { enabled: true } }, undefined],
    ['transcriptionObj', undefined],
    [undefined, undefined],
  ])('%j puts the service of the configuration into the job: %j', async (transcription, expected) => {
    expect((await start({ transcription })).status).toBe(200);
    expect((await newest()).data.transcription).toEqual(expected);
  });

  test('is refused where no service is configured, and the answer says where to name one', async () => {
    const { status, body } = await start({}, 'other');
    expect(status).toBe(400);
    expect(body.message).toContain('tenants.other.transcription');
  });

  test('with a signed address, which takes one file, has its transcript in the storage of the tenant', async () => {
    expect((await start({ preSignedUrl: 'http://127.0.0.1:9/one.mp4?signature=1' })).status).toBe(200);
    expect((await newest()).data.transcription).toEqual({ ...SERVICE, storage: { kind: 'local' } });
  });
});

describe.skipIf(redisMissing)('a transcript', () => {
  test('is listed with its recording, and handed out by links that expire', async () => {
    const { id } = await recorded('waiting');
    const read = async () => (await world.call('GET', `/api/v1/recordings/${id}`)).body;
    expect(await read()).toMatchObject({ state: 'ready', transcript: { status: 'waiting', files: [] } });
    await tells(id, 'ready');
    const { transcript, files } = await read();
    expect(transcript).toMatchObject({ status: 'ready', language: 'english', error: null });
    expect(files).toHaveLength(1);
    expect(transcript.files).toEqual([
      expect.objectContaining({ format: 'vtt', filename: `${id}.vtt`, media_type: 'text/vtt' }),
      expect.objectContaining({ format: 'json', filename: `${id}.json` }),
    ]);
    expect(JSON.stringify(transcript)).not.toContain(world.recordingsDir);
    const { pathname, search } = new URL(transcript.files[0].url);
    const answer = await fetch(`${world.url}${pathname}${search}`);
    expect(answer.headers.get('content-type')).toBe('text/vtt');
    expect(await answer.text()).toBe('WEBVTT');
    expect((await fetch(`${world.url}${pathname}?expires=1&signature=no`)).status).toBe(403);
  });

  test('is read by clients of VideoSDK under the id of its recording, and by nobody else', async () => {
    const { id } = await recorded('ready', { roomId: 'room-of-transcripts' });
    const path = '/ai/v1/post-transcriptions';
    const item = {
      ...{ id, recordingId: id, status: 'completed', roomId: 'room-of-transcripts' },
      transcriptionFilePaths: {
        vtt: expect.stringContaining(`/files/acme/${id}/${id}.vtt?`),
        json: expect.stringContaining(`/files/acme/${id}/${id}.json?`),
      },
    };
    expect((await ask('GET', `${path}/${id}`)).body).toMatchObject(item);
    const { body } = await ask('GET', `${path}?roomId=room-of-transcripts`);
    expect(body).toMatchObject({ pageInfo: { total: 1 }, transcriptions: [item] });
    expect((await ask('GET', `${path}/${id}`, undefined, 'other')).status).toBe(404);
    expect((await world.call('GET', path, undefined, { token: 'none' })).status).toBe(401);
  });

  test('is told to the webhook after the recording, also where it has failed', async () => {
    const ready = await recorded('ready', { roomId: 'told-ready' });
    const heardOf = (room: string) => heard.filter(({ data }) => data.meetingId === room);
    await eventually('all webhooks', () => heardOf('told-ready').length === 3);
    expect(heardOf('told-ready').map(({ webhookType }) => webhookType)).toEqual([
      ...['recording-stopped', 'transcription-started', 'transcription-stopped'],
    ]);
    expect(heardOf('told-ready')[2]?.data).toMatchObject({
      ...{ id: ready.id, recordingId: ready.id },
      transcriptionFilePaths: { vtt: expect.stringContaining('.vtt?') },
    });
    const failed = await recorded('failed', { roomId: 'told-failed' });
    await eventually('all webhooks', () => heardOf('told-failed').length === 3);
    expect(heardOf('told-failed')[2]?.webhookType).toBe('transcription-failed');
    const { body } = await ask('GET', `/ai/v1/post-transcriptions/${failed.id}`);
    expect(body).toMatchObject({
      status: 'failed',
      error: 'the service said no',
      transcriptionFilePaths: {},
    });
  });

  test('is deleted with the last file of its recording', async () => {
    const { id, path } = await recorded('ready');
    const files = [path, join(world.recordingsDir, `${id}.vtt`), join(world.recordingsDir, `${id}.json`)];
    await eventually('it is ready', async () => {
      const { body } = await world.call('GET', `/api/v1/recordings/${id}`);
      return body.transcript.status === 'ready';
    });
    expect(files.map((file) => existsSync(file))).toEqual([true, true, true]);
    expect((await ask('DELETE', `/v2/recordings/${id}`)).status).toBe(200);
    expect(files.map((file) => existsSync(file))).toEqual([false, false, false]);
  });

  test('has failed where the workers have forgotten it, so that nobody waits for ever', async () => {
    const { id } = await recorded('waiting');
    const read = async () => (await world.call('GET', `/api/v1/recordings/${id}`)).body.transcript;
    expect((await read()).status).toBe('waiting');
    await redisRecordStore(redis, QUEUE).forget(id);
    expect(await read()).toMatchObject({ status: 'failed', error: expect.stringContaining('any more') });
    expect(await redis.smembers(`call-compositor:${QUEUE}:api:open`)).not.toContain(`acme ${id}`);
  });

  test('is not made any more once its recording is deleted', async () => {
    const { id } = await recorded('waiting');
    expect(await isTranscriptDropped(redis, QUEUE, id)).toBe(false);
    expect((await ask('DELETE', `/v2/recordings/${id}`)).status).toBe(200);
    expect(await isTranscriptDropped(redis, QUEUE, id)).toBe(true);
  });
});

test('a configured service cannot name a storage, and no message quotes its key', () => {
  const tenants = (transcription: object) => ({
    acme: { api_keys: { key: 'a-secret-of-sixteen' }, transcription },
  });
  const parse = (transcription: object) =>
    parseApiConfig({ ...apiConfig(), tenants: tenants(transcription) }, 'api.json');
  expect(() => parse({ ...SERVICE, storage: { kind: 'local' } })).toThrow(
    /transcription: cannot have a "storage"/,
  );
  expect(() => parse({ url: 'speech', api_key: 'a key with spaces' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('a key with spaces') }),
  );
});
