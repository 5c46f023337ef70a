import { describe, expect, test } from 'vitest';
import { sendCommand } from '../../../../worker/control/commandStream.ts';
import { signal } from '../../../../worker/job/signal.ts';
import type { TakenJob } from '../../../../worker/job/takenJob.ts';
import { CLAIM } from '../../../../worker/lease/leaseScripts.ts';
import { eventually } from '../../../support/eventually.ts';
import { fakeQueue, holdBackEarlier, NEVER_SILENT } from '../../../support/fakeQueue.ts';
import { CORES, eventOf, resultOf } from '../../../support/startFakeWorker.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: recordings whose workers leave (${redisMissing})`);

/** A grace period that is not over before a test, however slow the machine is. */
const LONG_MS = 60_000;

describe.skipIf(redisMissing)('a recording whose worker leaves', () => {
  const fake = fakeQueue('handover');
  const { add, startWorker, runs, isOver, finals, leaseOf, keyOf } = fake;

  /** A recording whose worker leaves while another one opens its call. */
  async function leaving(isReady: () => Promise<boolean>, graceMs = 5_000) {
    const first = await startWorker({ how: 'auto', timing: NEVER_SILENT, graceMs });
    await add('a');
    const before = await runs(first, 'a');
    const second = await startWorker({ timing: NEVER_SILENT, isReady });
    const closed = first.close();
    await eventually('the other worker opens its call', () => second.opened.length === 1);
    return { first, before, second, closed };
  }

  test('goes on in another worker that has opened its call while the first one still recorded', async () => {
    const ready = signal();
    const { before, second, closed } = await leaving(() => ready.promise.then(() => true));
    await new Promise((resolve) => setTimeout(resolve, 500)); // long enough to be handed over by mistake
    expect(before.stop.aborted).toBe(false);
    ready.resolve();
    const after = await runs(second, 'a');
    expect(after).toMatchObject({ attempt: 1, manifest: { given: { ended: null } } });
    expect([after.ahead !== null, second.opened, second.closed]).toEqual([true, ['a'], []]);
    await closed;
    second.end('a');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
    expect(await fake.redis().keys(keyOf('successor:*'))).toEqual([]);
  });

  const change = (name: string) =>
    sendCommand(fake.redis(), fake.queue().name, {
      recordingId: 'a',
      command: { type: 'change_layout', change: { name } },
    });

  /** A recording that was told to have another layout, beside a worker in which its call never becomes ready. */
  async function toldBesideAnother() {
    const first = await startWorker({ how: 'auto', timing: NEVER_SILENT });
    await add('a');
    await runs(first, 'a');
    await change('spotlight');
    const second = await startWorker({ timing: NEVER_SILENT, isReady: () => new Promise(() => {}) });
    return { first, second };
  }

  test('shows in the other worker what it was told before its call was opened there, and since', async () => {
    const { first, second } = await toldBesideAnother();
    void first.close();
    await eventually('the other worker opens its call', () => second.opened.length === 1);
    await change('grid');
    await eventually('the other worker hears of it', () => second.changes.length > 1);
    expect(second.changes).toEqual([{ name: 'spotlight' }, { name: 'grid' }]);
  });

  test('shows in the other worker also what it is told while that one opens its call', async () => {
    const { first, second } = await toldBesideAnother();
    const earlier = holdBackEarlier(second);
    void first.close();
    await earlier.isRead;
    await change('grid');
    await new Promise((resolve) => setTimeout(resolve, 300)); // long enough to be heard
    earlier.answer();
    await eventually('the other worker opens its call', () => second.opened.length === 1);
    expect(second.changes).toEqual([{ name: 'spotlight' }, { name: 'grid' }]);
  });

  /** One worker records, and the only other one has no room for that. */
  async function besideFullWorker() {
    const first = await startWorker({ how: 'auto', timing: NEVER_SILENT });
    await add('a', CORES);
    const before = await runs(first, 'a');
    const second = await startWorker({ timing: NEVER_SILENT });
    await add('small');
    await runs(second, 'small');
    return { first, before, second };
  }

  test('is recorded on where no other worker has room for it, and goes on in one that gets it in time', async () => {
    const { first, before, second } = await besideFullWorker();
    const closed = first.close();
    await new Promise((resolve) => setTimeout(resolve, 2_600)); // nobody has made ready for 2 s
    expect(before.stop.aborted).toBe(false);
    second.end('small');
    expect(await runs(second, 'a')).toMatchObject({ attempt: 1, manifest: { given: { ended: null } } });
    await closed;
    second.end('a');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
  });

  test('ends in its own worker where no other one gets room for it within the grace period', async () => {
    const { first, before, second } = await besideFullWorker();
    await first.close();
    expect(before.stop.reason).toBe('worker_shutdown');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
    expect(second.opened).toEqual([]);
  });

  test('is handed over after half of the grace period where its call does not become ready elsewhere', async () => {
    const { second, closed } = await leaving(() => new Promise(() => {}));
    const openedAtMs = performance.now();
    expect(await runs(second, 'a')).toMatchObject({ attempt: 1 });
    expect(performance.now() - openedAtMs).toBeGreaterThan(1_500);
    await closed;
    second.end('a');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
  });

  test('is handed over all the same where its call cannot be opened elsewhere', async () => {
    // No browser says within a moment that it cannot open a call.
    const { second, closed } = await leaving(() => new Promise((resolve) => setTimeout(resolve, 300, false)));
    expect(await runs(second, 'a')).toMatchObject({ attempt: 1, ahead: null });
    expect([second.opened, second.closed]).toEqual([['a'], ['a']]);
    await closed;
    second.end('a');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
  });

  test('that ends while another worker opens its call ends once, and that call is closed', async () => {
    const { first, second, closed } = await leaving(() => new Promise(() => {}));
    first.end('a');
    await isOver('a');
    await closed;
    await eventually('the call is closed', () => second.closed.length === 1);
    expect(second.started).toEqual([]);
    expect(await finals('a')).toHaveLength(1);
    await add('b', CORES); // the room that was booked for it is free again
    await runs(second, 'b');
  });

  test('goes on in a third worker where the one that has opened its call is lost', async () => {
    const { second, closed } = await leaving(() => new Promise(() => {}));
    second.cut();
    const third = await startWorker({ timing: NEVER_SILENT });
    expect(await runs(third, 'a')).toMatchObject({ attempt: 1 });
    await closed;
    third.end('a');
    await isOver('a');
    expect(second.started).toEqual([]);
    expect(await finals('a')).toHaveLength(1);
    await second.mend();
    await eventually('the lost one closes its call', () => second.closed.length === 1);
  });

  test('is recorded to its end within the grace period where its worker is to finish it, and then left as in auto', async () => {
    const first = await startWorker({ how: 'finish', timing: NEVER_SILENT });
    for (const id of ['short', 'long']) await add(id);
    const [short, long] = [await runs(first, 'short'), await runs(first, 'long')];
    const second = await startWorker({ timing: NEVER_SILENT });
    const leftAtMs = performance.now();
    const closed = first.close();
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // long enough to be handed over by mistake
    expect([short.stop.aborted, long.stop.aborted]).toEqual([false, false]);
    first.end('short');
    await isOver('short');
    await runs(second, 'long');
    expect(performance.now() - leftAtMs).toBeGreaterThan(3_000);
    await closed;
    second.end('long');
    await isOver('long');
    expect(second.started.map(({ id }) => id)).toEqual(['long']);
    for (const id of ['short', 'long']) expect(await finals(id)).toHaveLength(1);
  });

  test('ends in its own worker where the only other one leaves, too, before it has opened the call', async () => {
    const { before, second, closed } = await leaving(() => new Promise(() => {}));
    await second.close();
    await closed;
    expect(before.stop.reason).toBe('worker_shutdown');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
  });

  test.each([1_000, 3_000])('is handed over at once within a grace period of %s ms', async (graceMs) => {
    const first = await startWorker({ how: 'auto', timing: NEVER_SILENT, graceMs });
    await add('a');
    const before = await runs(first, 'a');
    const second = await startWorker({ timing: NEVER_SILENT, isReady: () => new Promise(() => {}) });
    await eventually('both are there', async () => (await fake.redis().hlen(keyOf('workers'))) === 2);
    await first.close();
    expect(before.stop.reason).toBe('handed_over');
    await runs(second, 'a');
  });

  /** Makes a worker's process look as if it had been killed, wherever Redis names it. */
  const killed = (of: object) => ({ ...of, pid: 2 ** 22 + 1, processStart: '1' });

  test('goes on in a third worker that opens its call in place of one that was killed meanwhile', async () => {
    const { before, second, closed } = await leaving(() => new Promise(() => {}), LONG_MS);
    const third = await startWorker({ timing: NEVER_SILENT });
    second.cut();
    const successor = JSON.parse(String(await fake.redis().get(keyOf('successor:a'))));
    const dead = { ...successor, process: killed(successor.process) };
    await fake.redis().set(keyOf('successor:a'), JSON.stringify(dead), 'PX', 60_000);
    expect((await runs(third, 'a')).ahead).not.toBeNull();
    expect(before.stop.reason).toBe('handed_over');
    await closed;
    third.end('a');
    await isOver('a');
  });

  test('goes on in the worker that opens its call, and in no other, also where its own is killed', async () => {
    const { first, second } = await leaving(() => new Promise(() => {}), LONG_MS);
    const third = await startWorker({ timing: NEVER_SILENT });
    // It sees the loss, and leaves it to the other one, which sees it later.
    const canClaim = signal();
    const hget = second.own.hgetall.bind(second.own);
    second.own.hgetall = (async (...args: Parameters<typeof hget>) => {
      if (first.own.status === 'end') await canClaim.promise;
      return hget(...args);
    }) as typeof hget;
    first.cut();
    await eventually('it is cut off', () => first.own.status === 'end');
    const lease = await leaseOf('a');
    const dead = { ...lease, process: killed(lease.process) };
    await fake.redis().hset(keyOf('leases'), 'a', JSON.stringify(dead));
    await new Promise((resolve) => setTimeout(resolve, 500)); // long enough to be claimed by mistake
    expect(third.started).toEqual([]);
    canClaim.resolve();
    expect(await runs(second, 'a')).toMatchObject({ attempt: 2 });
    expect(second.started[0]?.ahead).not.toBeNull();
  });

  test('is opened by one worker: another one that was forgotten meanwhile closes its call', async () => {
    const ready = signal();
    const { before, second, closed } = await leaving(() => new Promise(() => {}), LONG_MS);
    second.cut();
    await fake.redis().del(keyOf('successor:a'));
    const isReady = () => ready.promise.then(() => true);
    const third = await startWorker({ timing: NEVER_SILENT, isReady });
    await eventually('the third one opens it', () => third.opened.length === 1);
    await second.mend();
    await eventually('the second one closes it', () => second.closed.length === 1);
    expect([before.stop.aborted, third.closed]).toEqual([false, []]);
    ready.resolve();
    expect((await runs(third, 'a')).ahead).not.toBeNull();
    await closed;
  });

  test('that ends in the moment in which another worker is ready is stored here, and that call is closed', async () => {
    const hasEnded = signal();
    const isHandedOver = signal();
    const isStored = signal();
    const run = async (job: TakenJob) => {
      await job.manifest.save({ ended: null });
      job.stop.addEventListener('abort', isHandedOver.resolve);
      await hasEnded.promise;
      job.captured(false);
      await isStored.promise;
      job.publish(eventOf(job.id, { type: 'call.recording_ready', result: resultOf(job.id) }));
      return resultOf(job.id);
    };
    const first = await startWorker({ how: 'auto', timing: NEVER_SILENT, graceMs: LONG_MS, run });
    await add('a');
    await runs(first, 'a');
    await eventually('it is recorded', async () => (await fake.redis().exists(keyOf('manifest:a'))) === 1);
    const isReady = signal();
    const second = await startWorker({
      timing: NEVER_SILENT,
      isReady: () => isReady.promise.then(() => true),
    });
    const closed = first.close();
    await eventually('the other worker opens its call', () => second.opened.length === 1);
    isReady.resolve();
    await isHandedOver.promise;
    hasEnded.resolve();
    await eventually('the call is closed', () => second.closed.length === 1);
    isStored.resolve();
    await closed;
    await isOver('a');
    expect([second.started, await finals('a')]).toMatchObject([[], [{}]]);
  });

  test('has its room where it goes on until it is over, also where its call turns out not to open', async () => {
    const ready = signal();
    const { first, second } = await leaving(() => ready.promise.then(() => false), LONG_MS);
    const { owner } = await leaseOf('a');
    const hgetall = second.own.hgetall.bind(second.own);
    second.own.hgetall = (async (...args: Parameters<typeof hgetall>) => {
      const answer = await hgetall(...args);
      if ((await leaseOf('a')).owner === owner) return answer;
      ready.resolve(); // in the moment in which it is claimed
      await new Promise((resolve) => setTimeout(resolve, 50));
      return answer;
    }) as typeof hgetall;
    first.cut();
    const lease = await leaseOf('a');
    const dead = { ...lease, process: killed(lease.process) };
    await fake.redis().hset(keyOf('leases'), 'a', JSON.stringify(dead));
    await runs(second, 'a');
    await add('b', CORES);
    await eventually('the next one waits', () => second.waiting.includes('b'));
    second.end('a');
    await runs(second, 'b');
  });

  test('goes on in the worker that has opened its call, also where its first claim meets a lease that just changed', async () => {
    const ready = signal();
    const { second, closed } = await leaving(() => ready.promise.then(() => true), LONG_MS);
    let claims = 0;
    const evaluate = second.own.eval.bind(second.own) as (...args: unknown[]) => Promise<unknown>;
    const evaluateLater = async (...args: unknown[]) =>
      args[0] === CLAIM && ++claims === 1 ? 'changed' : evaluate(...args);
    second.own.eval = evaluateLater as typeof second.own.eval;
    ready.resolve();
    expect((await runs(second, 'a')).ahead).not.toBeNull();
    expect([claims, second.opened, second.closed]).toEqual([2, ['a'], []]);
    await closed;
  });

  test('gives up its room where its end was told already', async () => {
    const { first, second } = await leaving(() => new Promise(() => {}), LONG_MS);
    first.cut();
    await eventually('it is cut off', () => first.own.status === 'end');
    const final = eventOf('a', { type: 'call.recording_ready', result: resultOf('a') });
    await fake.redis().hset(fake.queue().toKey('a'), 'final', JSON.stringify(final));
    const lease = await leaseOf('a');
    const dead = { ...lease, process: killed(lease.process) };
    await fake.redis().hset(keyOf('leases'), 'a', JSON.stringify(dead));
    await isOver('a');
    await add('small');
    await runs(second, 'small');
    await add('beside');
    await runs(second, 'beside');
  });
});
