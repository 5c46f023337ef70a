import { Queue } from 'bullmq';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ApiWorld, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApi();
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => world?.close());

/** Redis answers too late when the next job is put on the queue, whether or not it puts it there. */
function stallOnce({ isCarriedOut }: { isCarriedOut: boolean }): void {
  const { add } = Queue.prototype;
  vi.spyOn(Queue.prototype, 'add').mockImplementationOnce(async function (this: Queue, ...job) {
    if (isCarriedOut) await add.apply(this, job);
    throw new Error('Command timed out');
  });
}

const start = (id: string) => world.call('POST', `/api/v2/video/call/default/${id}/start_recording`);
const jobsOf = async (id: string) =>
  (await world.jobs()).filter(({ data }) => (data.call as { id?: string }).id === id);
const recordingsOf = async (id: string) =>
  (await world.call('GET', `/api/v1/recordings?call_type=default&call_id=${id}`)).body.recordings;

test.skipIf(redisMissing)(
  'a start that was carried out although Redis did not answer in time is followed, and is the only one',
  async () => {
    stallOnce({ isCarriedOut: true });
    expect((await start('late')).status).toBe(503);
    const again = await start('late');
    expect(again).toMatchObject({ status: 400, body: { code: 4 } });
    expect(again.body.message).toContain('is being recorded already');
    const jobs = await jobsOf('late');
    expect(jobs).toHaveLength(1);
    const id = jobs[0]?.id as string;
    await world.begins(id);
    expect(await recordingsOf('late')).toMatchObject([{ id, state: 'recording' }]);
    expect((await world.call('POST', `/api/v1/recordings/${id}/stop`)).status).toBe(201);
    expect(await world.stops()).toContain(id);
    await world.ends(id);
    expect((await start('late')).status).toBe(201);
  },
);

test.skipIf(redisMissing)(
  'a start that was not carried out has failed after a minute, and the call can be recorded again',
  async () => {
    stallOnce({ isCarriedOut: false });
    expect((await start('never')).status).toBe(503);
    expect((await start('never')).status).toBe(400);
    expect(await jobsOf('never')).toEqual([]);
    const now = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => now() + 61_000);
    expect((await start('never')).status).toBe(201);
    const states = (await recordingsOf('never')).map(({ state }: { state: string }) => state);
    expect(states).toEqual(['queued', 'failed']);
    expect(await jobsOf('never')).toHaveLength(1);
  },
);
