import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Recording, RecordingPage, RecordingWithEvents } from '../../../../shared/api/recordingReply.ts';
import { WorkersReply } from '../../../../shared/api/workerReply.ts';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { redisWorkerRegistry } from '../../../../worker/registry/workerRegistry.ts';
import { type ApiWorld, QUEUE, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApi();
});
afterAll(() => world?.close());

const start = (body: Record<string, unknown>) => world.call('POST', '/api/v1/recordings', body);
const jobOf = async (id: string) => {
  const job = (await world.jobs()).find((one) => one.id === id);
  return job?.data as unknown as Record<string, Record<string, unknown>>;
};

describe.skipIf(redisMissing)('a start by our own path', () => {
  test('puts a job on the queue that says what was asked for, and answers the recording', async () => {
    const layout = { name: 'grid', options: { 'title.text': 'Standup' } };
    const { status, body } = await start({ call_id: 'one', audio_only: false, quality: '1080p', layout });
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'queued', call_type: 'default', call_id: 'one', quality: '1080p' });
    expect(await jobOf(body.id)).toMatchObject({
      tenant: 'acme',
      call: { type: 'default', id: 'one', session_id: body.session_id },
      source: { kind: 'demo' },
      recording: { quality: '1080p', layout },
    });
  });

  test('takes a source of its own, as a job has it', async () => {
    const source = { kind: 'demo', participants: 2, script: 'steady' };
    const { body } = await start({ call_id: 'with-source', source });
    expect((await jobOf(body.id)).source).toEqual(source);
  });

  test.each([
    [{}, 'call_id'],
    [{ call_id: 'a:b' }, 'call_id'],
    [{ call_id: 'bad', colour: 'red' }, ''],
    [{ call_id: 'bad', quality: '719p' }, 'quality'],
    [{ call_id: 'bad', layout: { name: 'gird' } }, 'layout.name'],
    [{ call_id: 'bad', layout: { options: { 'title.txt': 'a' } } }, 'layout.options.title.txt'],
    [{ call_id: 'bad', source: { kind: 'demo', participants: -1 } }, 'source.participants'],
  ])('with %j is refused, and the field is named', async (given, field) => {
    const { status, body } = await start(given);
    expect(status).toBe(400);
    expect(Object.keys(body.exception_fields)).toContain(field);
  });

  test('is refused where the key of the workers would let it into a room', async () => {
    const source = { kind: 'livekit', url: 'wss://livekit.example' };
    expect(await start({ call_id: 'foreign', source })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('neither a token, nor an api_key') },
    });
    expect((await start({ call_id: 'own', source: { ...source, token: 'a token' } })).status).toBe(201);
  });

  test('is refused where the call is recorded already, or the storage is unknown', async () => {
    await start({ call_id: 'twice' });
    expect((await start({ call_id: 'twice' })).body.message).toContain('is being recorded already');
    expect((await start({ call_id: 'nowhere', storage: 'attic' })).body.message).toContain('"attic"');
  });
});

describe.skipIf(redisMissing)('what is told of a recording', () => {
  test('are its progress and its worker while it runs, and its length at the end', async () => {
    const { id } = (await start({ call_id: 'told' })).body;
    const read = async () => (await world.call('GET', `/api/v1/recordings/${id}`)).body;
    expect(await read()).toMatchObject({ state: 'queued', progress: null, worker: null, decoded_s: null });
    await world.begins(id);
    const progress = { elapsed_s: 3, frames: 90, dropped_frames: 1, size_bytes: 4_000 };
    await world.progresses(id, progress);
    const redis = connectRedis(world.redisUrl);
    await redisWorkerRegistry(redis, QUEUE).note(aWorker([id, 'of-somebody-else']));
    redis.disconnect();
    expect(await read()).toMatchObject({ state: 'recording', progress, worker: 'worker-1' });
    const [listed] = (await world.call('GET', '/api/v1/recordings?call_id=told')).body.recordings;
    expect(listed).toMatchObject({ progress, worker: 'worker-1' });
    await world.ends(id);
    expect(await read()).toMatchObject({
      state: 'ready',
      progress: null,
      worker: null,
      duration_s: 3,
      decoded_s: 0,
    });
  });

  test('is what the schemas say, field by field', async () => {
    const { id } = (await start({ call_id: 'schemas' })).body;
    await world.begins(id);
    await world.ends(id);
    const { body: one } = await world.call('GET', `/api/v1/recordings/${id}`);
    const { body: page } = await world.call('GET', '/api/v1/recordings?call_id=schemas');
    const { duration: _, ...told } = one;
    // A field that the schema lacks would be missing in what it reads.
    expect(RecordingWithEvents.parse(told)).toEqual(told);
    const { duration: __, ...listed } = page;
    expect(RecordingPage.parse(listed)).toEqual(listed);
    expect(Object.keys(listed.recordings[0])).toEqual(Object.keys(Recording.shape));
  });
});

describe.skipIf(redisMissing)('a change of the layout', () => {
  const app = { external_app_url: 'https://app.example/' };
  const change = (id: string, options: object) =>
    world.call('PATCH', `/api/v1/recordings/${id}`, { layout: { options } });

  test.each([
    ['that names no layout', app],
    ['that names one of ours', { name: 'grid', ...app }],
  ])('of an external layout app %s takes every option of the app', async (name, layout) => {
    const { id } = (await start({ call_id: `app ${name}`, layout })).body;
    expect((await change(id, { 'seats.shown': 4 })).status).toBe(200);
    expect(await world.layoutChanges(id)).toEqual([{ options: { 'seats.shown': 4 } }]);
  });

  test('of our own takes only ours', async () => {
    const { id } = (await start({ call_id: 'our-own', layout: { name: 'grid' } })).body;
    expect((await change(id, { 'seats.shown': 4 })).status).toBe(400);
    expect(await world.layoutChanges(id)).toEqual([]);
  });

  test('is refused where it is large, because all changes wait in Redis until the recording is over', async () => {
    const { id } = (await start({ call_id: 'large-change', layout: app })).body;
    const { status, body } = await change(id, { 'seats.names': 'x'.repeat(70_000) });
    expect(status).toBe(413);
    expect(body.message).toMatch(/^layout: has 70\d\d\d characters, of 65536 at most$/);
    expect(await world.layoutChanges(id)).toEqual([]);
  });
});

describe.skipIf(redisMissing)('the workers', () => {
  test('are listed with the recordings of the tenant, and the number of the others', async () => {
    const { id } = (await start({ call_id: 'of-worker' })).body;
    const redis = connectRedis(world.redisUrl);
    await redisWorkerRegistry(redis, QUEUE).note(aWorker([id, 'of-somebody-else']));
    redis.disconnect();
    const { duration: _, ...told } = (await world.call('GET', '/api/v1/workers')).body;
    expect(WorkersReply.parse(told)).toEqual(told);
    expect(told.workers).toMatchObject([
      { id: 'worker-1', recordings: [id], others: 1, room: { cores: 0.5, memory_mib: 300 } },
    ]);
    const other = await world.call('GET', '/api/v1/workers', undefined, { tenant: 'other' });
    expect(other.body.workers).toMatchObject([{ recordings: [], others: 2 }]);
    expect(JSON.stringify(other.body)).not.toContain(id);
  });
});

function aWorker(recordings: string[]) {
  return {
    ...{ id: 'worker-1', version: '0.1.0', host: 'machine', startedAt: '2026-01-01T00:00:00.000Z' },
    ...{ recordings, concurrency: null, isLeaving: false, room: { cores: 0.5, memoryMiB: 300 } },
  };
}
