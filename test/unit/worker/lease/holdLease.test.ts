import { once } from 'node:events';
import { Queue, Worker } from 'bullmq';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { signal } from '../../../../worker/job/signal.ts';
import { type HeldLease, holdLease } from '../../../../worker/lease/holdLease.ts';
import type { Lease } from '../../../../worker/lease/lease.ts';
import { createLeaseStore, type LeaseStore } from '../../../../worker/lease/leaseStore.ts';
import { thisProcess } from '../../../../worker/lease/processIdentity.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing, startRedis } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: leases of recordings (${redisMissing})`);

const TIMING = { beatMs: 50, silentMs: 400 };

describe.skipIf(redisMissing)('a lease', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let redis: ReturnType<typeof connectRedis>;
  let queue: Queue;
  let worker: Worker;
  let store: LeaseStore;
  const open: HeldLease[] = [];
  let queues = 0;
  /** How far the clock of the owners was put on. */
  let skippedMs = 0;

  beforeAll(async () => {
    server = await startRedis();
    redis = connectRedis(server.url);
  });

  beforeEach(async () => {
    queue = new Queue(`leases-${++queues}`, { connection: redis });
    worker = new Worker(queue.name, null, { connection: redis });
    store = createLeaseStore(redis, queue.name, (name) => queue.toKey(name), 60_000);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((held) => held.leave(false)));
    await worker.close();
    await queue.close();
  });

  afterAll(async () => {
    redis?.disconnect();
    await server?.stop();
  });

  const lease = (owner: string, fence = 1): Lease => ({
    ...{ owner, fence, beat: 0, state: 'running', offered: false, leaving: false },
    process: thisProcess(),
  });

  async function take(id: string, owner: string, by: LeaseStore = store) {
    await queue.add('record', { cores: 1 }, { jobId: id });
    await worker.getNextJob(owner);
    const begun = await by.begin(id, lease(owner));
    return hold(id, begun as Lease, by);
  }

  async function hold(id: string, mine: Lease, by: LeaseStore = store) {
    let restored = 0;
    const held = holdLease({
      ...{ store: by, id, lease: mine, timing: TIMING, manifest: null, warn: () => {} },
      job: await by.jobFields(id),
      onRestored: () => {
        restored++;
      },
      nowMs: () => performance.now() + skippedMs,
    });
    open.push(held);
    return { held, restored: () => restored };
  }

  const seenOf = async (id: string) => (await store.look()).leases.get(id);

  async function claim(id: string, owner: string) {
    const seen = (await seenOf(id)) ?? null;
    const next = lease(owner, (seen?.lease.fence ?? 0) + 1);
    return { answer: await store.claim(id, seen, next, [1]), next };
  }

  const progressOf = async (id: string) => {
    const entries = await redis.xrange(queue.toKey('events'), '-', '+');
    return entries.flatMap(([, fields]) =>
      fields[1] === 'progress' && fields[3] === id ? [JSON.parse(fields[5] as string)] : [],
    );
  };

  test('is renewed, and with it the lock of the job', async () => {
    await take('a', 'one');
    const before = (await seenOf('a'))?.lease.beat as number;
    await eventually('it has beaten', async () => Number((await seenOf('a'))?.lease.beat) > before + 1);
    expect(await redis.get(`${queue.toKey('a')}:lock`)).toBe('one');
  });

  test('can be taken once: nobody else begins the same recording', async () => {
    await take('a', 'one');
    expect(await store.begin('a', lease('two'))).toBeNull();
  });

  test('that another worker claims is lost: its owner saves and publishes nothing from then on', async () => {
    const { held } = await take('a', 'one');
    await held.saveManifest({ from: 'one' });
    await held.publish({ n: 1 }, false);
    expect((await claim('a', 'two')).answer).toBe('claimed');
    expect(await held.publish({ n: 2 }, true)).toBe(false);
    await held.saveManifest({ from: 'one, later' });
    expect(held.lost.aborted).toBe(true);
    await expect(held.confirmed()).rejects.toThrow('Another worker has taken the recording a over');
    expect(await progressOf('a')).toEqual([{ n: 1 }]);
    expect(await store.manifest('a')).toBe('{"from":"one"}');
    await held.end();
    expect((await seenOf('a'))?.lease.owner).toBe('two');
    expect(await redis.get(`${queue.toKey('a')}:lock`)).toBe('two');
  });

  test('is claimed by one of many who try at the same time', async () => {
    const { held } = await take('a', 'one');
    await held.leave(false);
    const seen = (await seenOf('a')) ?? null;
    const tries = Array.from({ length: 20 }, (_, n) => store.claim('a', seen, lease(`w${n}`, 2), [1]));
    expect((await Promise.all(tries)).filter((answer) => answer === 'claimed')).toHaveLength(1);
    expect(await redis.hget(queue.toKey('a'), 'stc')).toBe('1');
  });

  test('cannot be claimed by one who has seen an earlier beat', async () => {
    await take('a', 'one');
    const seen = (await seenOf('a')) ?? null;
    await eventually('it has beaten', async () => (await seenOf('a'))?.text !== seen?.text);
    expect(await store.claim('a', seen, lease('two', 2), [1])).toBe('changed');
  });

  test('that was left behind by a job that is over is removed with its manifest', async () => {
    const { held } = await take('a', 'one');
    await held.saveManifest({ ended: null });
    await held.leave(false);
    await (await queue.getJob('a'))?.moveToCompleted('done', 'one', false);
    expect((await claim('a', 'two')).answer).toBe('over');
    expect(await seenOf('a')).toBeUndefined();
    expect(await store.manifest('a')).toBeNull();
  });

  /** The owner's own connection is cut, and another worker claims the recording. */
  async function claimFromCutOff(id: string) {
    const own = connectRedis(server.url);
    const ownStore = createLeaseStore(own, queue.name, (name) => queue.toKey(name), 60_000);
    const { held } = await take(id, 'one', ownStore);
    await held.confirmed();
    own.disconnect();
    await once(own, 'end');
    const { next } = await claim(id, 'two');
    return { first: held, second: (await hold(id, next)).held, own };
  }

  async function end(id: string, held: HeldLease, owner: string) {
    await held.stopBeating();
    const job = await queue.getJob(id);
    await job?.moveToCompleted('done', owner, false);
    await job?.remove();
    await held.end();
  }

  test('is not written again by an owner that wakes up after another worker has ended the recording', async () => {
    const { first, second, own } = await claimFromCutOff('a');
    await second.publish({ result: 2 }, true);
    await end('a', second, 'two');
    await own.connect();
    expect(await first.publish({ result: 1 }, true)).toBe(false);
    expect(first.lost.aborted).toBe(true);
    expect(await progressOf('a')).toEqual([{ result: 2 }]);
    expect(await seenOf('a')).toBeUndefined();
    expect(await redis.lrange(queue.toKey('active'), 0, -1)).toEqual([]);
    own.disconnect();
  });

  test('of a later run is not taken away by an owner that slept through the end of the earlier one', async () => {
    const { first, second, own } = await claimFromCutOff('a');
    await end('a', second, 'two');
    const third = await take('a', 'three');
    await own.connect();
    await eventually('the first one ends', () => first.lost.aborted);
    expect(third.held.lost.aborted).toBe(false);
    expect((await seenOf('a'))?.lease).toMatchObject({ owner: 'three', fence: 3 });
    own.disconnect();
  });

  test('is written again with job, lock and manifest after Redis was emptied', async () => {
    const { held, restored } = await take('a', 'one');
    await held.saveManifest({ ended: null });
    const before = await store.jobFields('a');
    await redis.flushall();
    await eventually('it is there again', async () => (await seenOf('a'))?.lease.owner === 'one');
    expect(restored()).toBe(1);
    expect(await store.jobFields('a')).toEqual(before);
    expect(await redis.lrange(queue.toKey('active'), 0, -1)).toEqual(['a']);
    expect(await redis.get(`${queue.toKey('a')}:lock`)).toBe('one');
    expect(await store.manifest('a')).toBe('{"ended":null}');
    expect(await held.publish({ n: 1 }, true)).toBe(true);
    await (await queue.getJob('a'))?.moveToCompleted('done', 'one', false);
  });

  test('of the older recording wins where an emptied Redis has let the same one start a second time', async () => {
    const first = await take('a', 'one');
    await redis.flushall();
    const second = await take('a', 'two');
    await eventually('the second start ends', () => second.held.lost.aborted);
    expect(first.held.lost.aborted).toBe(false);
    expect((await seenOf('a'))?.lease).toMatchObject({ owner: 'one' });
  });

  test('takes its job out of the queue again where an older state of Redis has it waiting there', async () => {
    await take('a', 'one');
    await redis.multi().del(queue.toKey('active')).lpush(queue.toKey('wait'), 'a').exec();
    await eventually('it runs again', async () => (await queue.getJobState('a')) === 'active');
    expect(await redis.llen(queue.toKey('wait'))).toBe(0);
  });

  test('counts no pass for a job whose passes are forgotten', async () => {
    await store.passOver('a', 9);
    await store.forgetPasses('a');
    await store.takeBackPass('a');
    expect(await redis.hgetall(`call-compositor:${queue.name}:passed-over`)).toEqual({});
  });

  test('publishes each event once, although a connection that breaks lets a command be sent twice', async () => {
    await take('a', 'one');
    const mine = { id: 'a', owner: 'one', fence: 1 };
    const event = { text: '{"n":1}', number: 1, isFinal: false };
    expect([await store.publish(mine, event), await store.publish(mine, event)]).toEqual(['held', 'held']);
    expect(await progressOf('a')).toEqual([{ n: 1 }]);
  });

  test('has one final event, whoever publishes it', async () => {
    const { held } = await take('a', 'one');
    await held.publish({ result: 1 }, true);
    const { next } = await claim('a', 'two');
    const later = await hold('a', next);
    expect(await later.held.publish({ result: 2 }, true)).toBe(true);
    expect(await progressOf('a')).toEqual([{ result: 1 }]);
  });

  test('is confirmed at once while Redis answers, and waits where it does not, until it does again', async () => {
    const own = connectRedis(server.url);
    const ownStore = createLeaseStore(own, queue.name, (name) => queue.toKey(name), 60_000);
    const { held } = await take('a', 'one', ownStore);
    await held.confirmed();
    own.disconnect();
    skippedMs += TIMING.silentMs;
    const confirmed = held.confirmed().then(() => 'confirmed');
    expect(await Promise.race([confirmed, once(own, 'end').then(() => 'waits')])).toBe('waits');
    await own.connect();
    expect(await confirmed).toBe('confirmed');
    own.disconnect();
  });

  test('is no longer left where that was taken back while Redis still wrote that it is', async () => {
    const written = signal();
    const answered = signal();
    const slow: LeaseStore = {
      ...store,
      beat: async (mine, next) => {
        const state = await store.beat(mine, next);
        if (next.leaving && !written.isResolved()) {
          written.resolve();
          await answered.promise;
        }
        return state;
      },
    };
    const { held } = await take('a', 'one', slow);
    const changed = held.change({ leaving: true });
    await written.promise;
    held.stay();
    answered.resolve();
    await changed;
    await eventually('it stays', async () => (await seenOf('a'))?.lease.leaving === false);
  });

  test('is offered when its owner leaves, with the newest manifest', async () => {
    const { held } = await take('a', 'one');
    void held.saveManifest({ n: 1 });
    void held.saveManifest({ n: 2 });
    await held.leave(true);
    expect((await seenOf('a'))?.lease.offered).toBe(true);
    expect(await store.manifest('a')).toBe('{"n":2}');
  });

  test('is written again and offered when its owner leaves just after Redis was emptied', async () => {
    const { held } = await take('a', 'one');
    await held.saveManifest({ n: 1 });
    const before = await store.jobFields('a');
    await redis.flushall();
    await held.leave(true);
    expect((await seenOf('a'))?.lease).toMatchObject({ owner: 'one', offered: true });
    expect(await store.manifest('a')).toBe('{"n":1}');
    expect(await store.jobFields('a')).toEqual(before);
    expect(await redis.lrange(queue.toKey('active'), 0, -1)).toEqual(['a']);
  });

  test('is not written again when Redis is emptied after its job was brought to its end', async () => {
    const { held } = await take('a', 'one');
    await held.saveManifest({ n: 1 });
    await held.stopBeating();
    await redis.flushall();
    await held.leave(false);
    expect(await seenOf('a')).toBeUndefined();
  });
});
