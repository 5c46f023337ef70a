import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { followCommands } from '../../../../worker/control/commandStream.ts';
import { answerWithPicture } from '../../../../worker/control/pictures.ts';
import { createLog } from '../../../../worker/log.ts';
import { type ApiWorld, QUEUE, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: pauses over the API (${redisMissing})`);

describe.skipIf(redisMissing)('over the API', () => {
  let world: ApiWorld;
  beforeAll(async () => {
    world = await startApi();
  });
  afterAll(() => world?.close());

  async function started(callId: string): Promise<string> {
    await world.call('POST', `/api/v2/video/call/default/${callId}/start_recording`);
    const [job] = await world.jobs();
    return String(job?.id);
  }
  const path = (id: string, what = '') => `/api/v1/recordings/${id}${what}`;
  const paused = {
    from_s: 2,
    until_s: null,
    lasted_s: null,
    mode: 'skip',
    paused_at: '2026-01-02T03:00:00.000Z',
  };

  test('a recording is paused and goes on, and says so', async () => {
    const id = await started('paused');
    await world.begins(id);
    expect(await world.call('POST', path(id, '/pause'))).toMatchObject({ status: 201, body: { id } });
    await world.tells(id, { type: 'call.recording_phase', phase: 'paused', pauses: [paused] } as never);
    const { body } = await world.call('GET', path(id));
    expect(body).toMatchObject({ state: 'paused', pauses: [paused] });
    const listed = await world.call('GET', '/api/v1/recordings?state=paused');
    expect(listed.body.recordings).toMatchObject([{ id, state: 'paused' }]);
    expect((await world.call('POST', path(id, '/resume'))).status).toBe(201);
    const over = { ...paused, until_s: 2, lasted_s: 5 };
    await world.tells(id, { type: 'call.recording_phase', phase: 'recording', pauses: [over] } as never);
    expect((await world.call('GET', path(id))).body).toMatchObject({ state: 'recording', pauses: [over] });
    await world.call('POST', path(id, '/pause'), { mode: 'silence' });
    expect(await world.pauses(id)).toEqual(['skip', null, 'silence']);
    await world.ends(id, { result: { pauses: [over as never] } });
    expect((await world.call('GET', path(id))).body).toMatchObject({ state: 'ready', pauses: [over] });
  });

  test('no other way to pause is taken, and no recording that is over or about to be', async () => {
    const id = await started('over');
    const refused = await world.call('POST', path(id, '/pause'), { mode: 'later' });
    expect(refused).toMatchObject({ status: 400, body: { message: expect.stringContaining('mode') } });
    await world.call('POST', path(id, '/stop'));
    expect((await world.call('POST', path(id, '/pause'))).body.message).toContain('it is stopping');
    await world.ends(id);
    for (const what of ['/pause', '/resume'])
      expect((await world.call('POST', path(id, what))).body.message).toContain('it is ready');
    expect(await world.pauses(id)).toEqual([]);
  });

  test('whoever may not stop a recording may not pause it either', async () => {
    const id = await started('guarded');
    const token = await world.token({ user_id: 'ben', role: 'guest' });
    expect((await world.call('POST', path(id, '/pause'), {}, { token })).status).toBe(403);
    expect((await world.call('POST', path(id, '/pause'), {}, { tenant: 'other' })).status).toBe(404);
    await world.call('POST', path(id, '/stop'));
    await world.ends(id);
  });

  test('a picture comes from the worker that has the recording, and there is none without it', async () => {
    const id = await started('seen');
    const picture = () => world.call('GET', path(id, '/picture'));
    expect(await picture()).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('queued') },
    });
    await world.begins(id);
    expect(await picture()).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('does not answer') },
    });
    const redis = new Redis(world.redisUrl, { maxRetriesPerRequest: null });
    const jpeg = Buffer.from('a picture');
    const asked: string[] = [];
    const stream = await followCommands(
      redis,
      QUEUE,
      () => {},
      createLog('silent'),
      (recordingId) => {
        asked.push(recordingId);
        void answerWithPicture(redis, QUEUE, recordingId, jpeg);
      },
    );
    const [one, other] = await Promise.all([picture(), picture()]);
    expect(one).toMatchObject({ status: 200, body: 'a picture' });
    expect(one.headers.get('content-type')).toBe('image/jpeg');
    expect(other.body).toBe('a picture');
    expect(asked).toEqual([id]);
    await world.tells(id, { type: 'call.recording_phase', phase: 'paused', pauses: [paused] } as never);
    expect(await picture()).toMatchObject({
      status: 404,
      body: { message: expect.stringContaining('paused') },
    });
    stream.close();
    redis.disconnect();
  });
});
