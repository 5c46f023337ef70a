import { describe, expect, test } from 'vitest';
import { requestStop } from '../../../../worker/job/stopRequests.ts';
import { parseTenantLimits } from '../../../../worker/tenantLimits.ts';
import { tenantSeats } from '../../../../worker/tenants/tenantSeats.ts';
import { eventually } from '../../../support/eventually.ts';
import { type CutWorker, fakeQueue } from '../../../support/fakeQueue.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: limits of tenants (${redisMissing})`);

const LIMITS = parseTenantLimits('{"*": {"recordings_at_once": 1}, "twice": {"recordings_at_once": 2}}');

describe.skipIf(redisMissing)('recordings of a tenant', () => {
  const { redis, queue, startWorker, runs, isOver, finals, leaseOf, keyOf, stopRedis, startRedisAgain } =
    fakeQueue('tenants');

  /** A worker that heeds the limits. `isSpent`: whether tenants have no minutes left. */
  const start = (options: { how?: 'handover'; isSpent?: boolean } = {}): Promise<CutWorker> => {
    const seats = tenantSeats(redis(), queue().name, LIMITS, async () => options.isSpent ?? false);
    return startWorker({ ...options, seats });
  };
  const add = (id: string, tenant: string | null, options: object = {}) =>
    queue().add('record', { cores: 0.1, ...(tenant ? { tenant } : {}) }, { jobId: id, ...options });
  const isAside = (id: string) =>
    eventually(`${id} is put aside`, async () => (await queue().getJobState(id)) === 'delayed');
  const started = (worker: CutWorker) => worker.started.map(({ id }) => id);

  test('beyond its limit wait in their order, and keep no other tenant waiting', async () => {
    const worker = await start();
    for (const id of ['a1', 'a2', 'a3']) await add(id, 'acme');
    for (const id of ['t1', 't2']) await add(id, 'twice');
    await add('nobodys', null);
    await runs(worker, 'nobodys');
    expect(started(worker)).toEqual(['a1', 't1', 't2', 'nobodys']);
    for (const id of ['a2', 'a3']) await isAside(id);
    worker.end('a1');
    await runs(worker, 'a2');
    expect(started(worker)).not.toContain('a3');
    worker.end('a2');
    await runs(worker, 'a3');
  });

  test('that wait are told to wait once, and are begun without a lost attempt', async () => {
    const worker = await start();
    await add('first', 'acme');
    await add('second', 'acme');
    await isAside('second');
    worker.end('first');
    await runs(worker, 'second');
    expect(worker.waiting).toEqual(['second']);
    expect(worker.started.at(-1)?.attempt).toBe(1);
  });

  test('count on all workers together', async () => {
    const [one, other] = [await start(), await start()];
    for (const id of ['t1', 't2', 't3', 't4']) await add(id, 'twice');
    const all = () => [...started(one), ...started(other)];
    await eventually('two run and two wait', async () => (await queue().getDelayedCount()) === 2);
    expect(all()).toHaveLength(2);
    for (const id of ['t1', 't2', 't3']) {
      await eventually(`${id} runs`, () => all().includes(id));
      one.end(id);
      other.end(id);
    }
    await eventually('the last runs', () => all().length === 4);
  });

  test('of a worker that is lost count until they are over, and are not counted for ever', async () => {
    const lost = await start();
    await add('first', 'acme');
    await runs(lost, 'first');
    await add('second', 'acme');
    await isAside('second');
    lost.cut();
    const worker = await start();
    await runs(worker, 'first');
    expect(started(worker)).toEqual(['first']);
    worker.end('first');
    await runs(worker, 'second');
  });

  test('of which only the delivery is left do not count', async () => {
    const worker = await start();
    await add('first', 'acme');
    await runs(worker, 'first');
    await add('second', 'acme');
    await isAside('second');
    worker.started[0]?.captured(false);
    await runs(worker, 'second');
  });

  test('that wait can be stopped', async () => {
    const worker = await start();
    await add('first', 'acme');
    await add('second', 'acme');
    await isAside('second');
    await requestStop(redis(), queue().name, 'second');
    await isOver('second');
    expect(worker.started.at(-1)?.stop.reason).toBe('stopped');
    expect(await finals('second')).toHaveLength(1);
    expect(await redis().zcard(keyOf('line:acme'))).toBe(0);
  });

  test('that were removed while they waited keep nobody behind them waiting', async () => {
    const worker = await start();
    for (const id of ['first', 'second', 'third']) await add(id, 'acme');
    await isAside('third');
    await (await queue().getJob('second'))?.remove();
    worker.end('first');
    await runs(worker, 'third');
  });

  test('that fail at once because no minutes are left need no seat', async () => {
    const worker = await start({ isSpent: true });
    for (const id of ['first', 'second']) await add(id, 'acme');
    await runs(worker, 'second');
  });

  test('count again after Redis has forgotten everything', async () => {
    const worker = await start();
    await add('first', 'acme');
    await runs(worker, 'first');
    await stopRedis();
    await startRedisAgain(true);
    await eventually('it has its seat again', async () => redis().sismember(keyOf('seats:acme'), 'first'));
    await add('second', 'acme');
    await isAside('second');
  });

  /** A recording whose call is captured, so that only its delivery is left. */
  async function startDelivery(worker: CutWorker) {
    await add('first', 'acme');
    const job = await runs(worker, 'first');
    job.captured(false);
    await job.manifest.save({ ended: {} });
    await eventually('its seat is free', async () => !(await hasSeat('first')));
  }

  const hasSeat = async (id: string) => (await redis().sismember(keyOf('seats:acme'), id)) === 1;

  test('that are only delivered take no seat again after Redis has forgotten everything', async () => {
    const worker = await start();
    await startDelivery(worker);
    await stopRedis();
    await startRedisAgain(true);
    await eventually('it is there again', () => leaseOf('first'));
    await add('second', 'acme');
    await runs(worker, 'second');
  });

  test('that are only delivered take no seat in the worker that takes them over', async () => {
    const first = await start();
    await startDelivery(first);
    const second = await start();
    first.cut();
    await runs(second, 'first');
    expect(await hasSeat('first')).toBe(false);
  });
});
