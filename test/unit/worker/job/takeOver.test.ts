import { describe, expect, test } from 'vitest';
import { type RecordingCommand, sendCommand } from '../../../../worker/control/commandStream.ts';
import { signal } from '../../../../worker/job/signal.ts';
import { requestStop } from '../../../../worker/job/stopRequests.ts';
import type { TakenJob } from '../../../../worker/job/takenJob.ts';
import { thisProcess } from '../../../../worker/lease/processIdentity.ts';
import { redisRecordStore } from '../../../../worker/records/redisRecordStore.ts';
import { eventually } from '../../../support/eventually.ts';
import { fakeQueue, holdBackEarlier, NEVER_SILENT } from '../../../support/fakeQueue.ts';
import { CORES } from '../../../support/startFakeWorker.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: recordings that change their worker (${redisMissing})`);

describe.skipIf(redisMissing)('a recording', () => {
  const fake = fakeQueue('takeover');
  const { add, startWorker, runs, isOver, finals, leaseOf, keyOf } = fake;

  test('whose worker falls silent goes on in another one, and the first one ends without a word', async () => {
    const first = await startWorker();
    await add('a');
    const before = await runs(first, 'a');
    const second = await startWorker();
    first.cut();
    const after = await runs(second, 'a');
    expect(after).toMatchObject({ attempt: 2, manifest: { given: { ended: null } } });
    await first.mend();
    await eventually('the first one ends', () => before.stop.reason === 'taken_over');
    expect(after.stop.aborted).toBe(false);
    second.end('a');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
    expect(second.heard.filter((event) => 'result' in event)).toHaveLength(1);
    expect(first.heard.filter((event) => 'result' in event)).toHaveLength(0);
    expect(await leaseOf('a')).toBeNull();
    expect(await fake.redis().keys(keyOf('manifest:*'))).toEqual([]);
  });

  test('that is handed over goes on in another worker at once, which does not count as an attempt', async () => {
    const first = await startWorker({ how: 'handover', timing: NEVER_SILENT });
    await add('a');
    await runs(first, 'a');
    const second = await startWorker({ timing: NEVER_SILENT });
    const closing = first.close();
    const after = await runs(second, 'a');
    expect(after).toMatchObject({ attempt: 1, manifest: { given: { ended: null } } });
    await closing;
    second.end('a');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
  });

  test('that was handed over by a worker that has exited by now does not count as an attempt', async () => {
    const first = await startWorker({ how: 'handover' });
    await add('a');
    await runs(first, 'a');
    await first.close();
    const lease = await leaseOf('a');
    const exited = { ...lease, process: { ...lease.process, pid: 2 ** 22 + 1, processStart: '1' } };
    await fake.redis().hset(keyOf('leases'), 'a', JSON.stringify(exited));
    const second = await startWorker();
    expect(await runs(second, 'a')).toMatchObject({ attempt: 1, manifest: { given: { ended: null } } });
  });

  test('is handed over by itself where another worker has room, and ends where no other one runs', async () => {
    const first = await startWorker({ how: 'auto' });
    const second = await startWorker({ how: 'auto' });
    await add('a', CORES);
    const [one, other] = await eventually('it runs', () => {
      if (first.started.length > 0) return [first, second] as const;
      return second.started.length > 0 && ([second, first] as const);
    });
    await eventually('both have told that they are there', async () => {
      return (await fake.redis().hlen(keyOf('workers'))) === 2;
    });
    await one.close();
    await runs(other, 'a');
    await other.close();
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
  });

  test('that is taken over in the moment in which a worker is told to leave goes on in yet another one', async () => {
    const first = await startWorker();
    await add('a');
    await runs(first, 'a');
    const claiming = signal();
    const leaving = signal();
    const reach = async () => {
      claiming.resolve();
      await leaving.promise;
      return 'here' as const;
    };
    const second = await startWorker({ reach });
    first.cut();
    await claiming.promise;
    const closed = second.close();
    leaving.resolve();
    await closed;
    expect(second.started).toHaveLength(1);
    expect(await finals('a')).toHaveLength(0);
    const third = await startWorker();
    expect(await runs(third, 'a')).toMatchObject({ manifest: { given: { ended: null } } });
  });

  test.each([
    'auto',
    'end',
    'handover',
  ] as const)('that has no picture yet goes back to the queue when its worker leaves (%s), and begins on a later one', async (how) => {
    const first = await startWorker({ how, begins: false });
    await add('a');
    await runs(first, 'a');
    await first.close();
    expect(await finals('a')).toHaveLength(0);
    const second = await startWorker();
    expect(await runs(second, 'a')).toMatchObject({ attempt: 1, manifest: { given: null } });
  });

  test('that cannot be taken over at first takes no room, and is taken over as soon as it can be', async () => {
    const first = await startWorker();
    await add('a', CORES);
    await runs(first, 'a');
    const second = await startWorker();
    const events = keyOf('record-events:a');
    const { owner } = await leaseOf('a');
    await eventually('its events are there', async () => (await fake.redis().type(events)) === 'list');
    first.cut();
    await fake.redis().set(events, 'no list, so that its events cannot be read');
    await eventually('it was claimed', async () => (await leaseOf('a')).owner !== owner);
    await fake.redis().del(events);
    await runs(second, 'a');
  });

  test('that is only delivered goes on in the next worker where its own one leaves before that is done', async () => {
    const run = async (job: TakenJob) => {
      job.captured(false);
      await job.manifest.save({ ended: {} });
      return new Promise<never>(() => {});
    };
    const first = await startWorker({ run, graceMs: 1_000 });
    await add('a');
    await eventually('its manifest is kept', () => fake.redis().get(keyOf('manifest:a')));
    await first.close();
    expect(await finals('a')).toHaveLength(0);
    const second = await startWorker();
    expect(await runs(second, 'a')).toMatchObject({ manifest: { given: { ended: {} } } });
  });

  test('that is told to go on while it is taken over does so, although the pause before that is read only later', async () => {
    const first = await startWorker();
    await add('a');
    await runs(first, 'a');
    const tell = (command: RecordingCommand) =>
      sendCommand(fake.redis(), fake.queue().name, { recordingId: 'a', command });
    await tell({ type: 'pause', mode: 'skip' });
    const second = await startWorker();
    const earlier = holdBackEarlier(second);
    first.cut();
    await earlier.isRead;
    await tell({ type: 'resume' });
    await new Promise((resolve) => setTimeout(resolve, 300)); // long enough to be heard
    earlier.answer();
    const pauses: unknown[] = [];
    (await runs(second, 'a')).onPause((mode) => pauses.push(mode));
    expect(pauses).toEqual([null]);
  });

  test('waits for a worker with room after its own was lost, and a stop needs none', async () => {
    const first = await startWorker();
    await add('a', CORES);
    await runs(first, 'a');
    const full = await startWorker();
    await add('b', CORES);
    await runs(full, 'b');
    first.cut();
    const { beat } = await leaseOf('a');
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // long enough to be silent
    expect((await leaseOf('a')).beat).toBe(beat);
    expect(full.started.map(({ id }) => id)).toEqual(['b']);
    await requestStop(fake.redis(), fake.queue().name, 'a');
    expect((await runs(full, 'a')).stop.reason).toBe('stopped');
    await isOver('a');
    expect(await finals('a')).toHaveLength(1);
  });

  test('that waits for room begins on the first worker that has it', async () => {
    const first = await startWorker();
    await add('small');
    await runs(first, 'small');
    await add('big', CORES);
    await eventually('it waits', () => first.waiting.includes('big'));
    const second = await startWorker();
    expect(await runs(second, 'big')).toMatchObject({ attempt: 1, manifest: { given: null } });
    first.end('small');
    await isOver('small');
    expect(first.started.map(({ id }) => id)).toEqual(['small']);
  });

  test('that waits for much room is passed over ten times at most by the other workers of its machine', async () => {
    const order: string[] = [];
    const options = { onStart: (id: string) => order.push(id) };
    const first = await startWorker(options);
    for (const id of ['small', 'short']) await add(id);
    await runs(first, 'short');
    const second = await startWorker(options);
    await add('beside');
    await runs(second, 'beside');
    first.end('short');
    await isOver('short');
    await add('big', CORES);
    const [holder, passer] = await eventually('it waits', () => {
      if (first.waiting.includes('big')) return [first, second] as const;
      return second.waiting.includes('big') && ([second, first] as const);
    });
    await eventually('its lease says so', async () => (await leaseOf('big')).state === 'waiting');
    const later = Array.from({ length: 12 }, (_, n) => `later-${n}`);
    for (const id of later) await add(id);
    for (const id of later.slice(0, 9)) {
      await runs(passer, id);
      passer.end(id);
      await isOver(id);
    }
    // The passer has room for another one, and looks for it five times a second.
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(await fake.queue().getWaitingCount()).toBeGreaterThanOrEqual(2);
    passer.end('later-9'); // it may have started before the passer saw that the big one waits
    for (const id of ['small', 'beside']) for (const worker of [first, second]) worker.end(id);
    const runner = await eventually('it runs', () =>
      [holder, passer].find(({ started }) => started.some(({ id }) => id === 'big')),
    );
    const passes = order.slice(0, order.indexOf('big')).filter((id) => id.startsWith('later'));
    expect(passes).toEqual(later.slice(0, Math.min(passes.length, 10)));
    runner.end('big');
  });

  test('that no worker has room for is told once that it waits', async () => {
    const first = await startWorker();
    const second = await startWorker();
    for (const id of ['a', 'b']) await add(id, CORES);
    await eventually('both are full', () => first.started.length + second.started.length === 2);
    await add('c');
    const told = () => [...first.heard, ...second.heard].filter(({ recording_id }) => recording_id === 'c');
    await eventually('it is told', () => told().length > 0);
    await new Promise((resolve) => setTimeout(resolve, 1_200)); // long enough for each worker to look again
    expect(told().map((event) => 'phase' in event && event.phase)).toEqual(['queued']);
  });

  test('is told that it waits where it has a priority, or more than a thousand wait before it', async () => {
    const first = await startWorker();
    for (let n = 0; n < CORES; n++) await add(`full-${n}`);
    await eventually('it is full', () => first.started.length === CORES);
    const many = Array.from({ length: 1_100 }, (_, n) => `r${n}`);
    await fake
      .queue()
      .addBulk(many.map((jobId) => ({ name: 'record', data: { cores: 1 }, opts: { jobId } })));
    await add('urgent', 1, { priority: 5 });
    const told = () => first.heard.map(({ recording_id }) => recording_id);
    await eventually('both are told', () => told().includes('r1099') && told().includes('urgent'));
    expect(new Set(told()).size).toBe(told().length);
  });

  test('whose files are on a machine that is out of reach begins anew, after those that reach them had their chance', async () => {
    const first = await startWorker();
    await add('a');
    await runs(first, 'a');
    const far = await startWorker({ reach: async () => null });
    first.cut();
    const cutAtMs = performance.now();
    const after = await runs(far, 'a');
    expect(performance.now() - cutAtMs).toBeGreaterThan(3_000);
    expect(after).toMatchObject({ attempt: 2, manifest: { given: null }, outOfReach: { ended: null } });
  });

  test('whose files a bucket has goes on elsewhere, but only later where a worker is alive that has all of them', async () => {
    const first = await startWorker();
    await add('a');
    await runs(first, 'a');
    const beside = { beat: 1, takesJobs: true, isLeaving: false, process: { ...thisProcess(), pid: 1 } };
    await fake.redis().hset(keyOf('workers'), 'beside', JSON.stringify(beside));
    const far = await startWorker({ reach: async () => 'bucket' });
    first.cut();
    const cutAtMs = performance.now();
    expect(await runs(far, 'a')).toMatchObject({ manifest: { given: { ended: null } }, outOfReach: null });
    expect(performance.now() - cutAtMs).toBeGreaterThan(3_000);
  });

  test('of which a bucket lacks the last part goes on elsewhere, after those that have it had their chance', async () => {
    const first = await startWorker();
    await add('a');
    await runs(first, 'a');
    const far = await startWorker({ reach: async () => 'parts' });
    first.cut();
    const cutAtMs = performance.now();
    expect(await runs(far, 'a')).toMatchObject({ manifest: { given: { ended: null } }, outOfReach: null });
    expect(performance.now() - cutAtMs).toBeGreaterThan(2_000);
  });

  test('that ended its workers again and again is not tried once more', async () => {
    await add('deadly');
    const losses = Array.from({ length: 5 }, () => Date.now());
    await fake.redis().hset(fake.queue().toKey('deadly'), 'stc', 5, 'lostAt', JSON.stringify(losses));
    const first = await startWorker();
    expect((await runs(first, 'deadly')).lostTooOften).toBeNull();
    first.cut();
    const second = await startWorker();
    expect((await runs(second, 'deadly')).lostTooOften).toBe('6 of them within ten minutes');
  });

  test('whose worker was lost after the final event is not run again, and everybody hears of the end', async () => {
    let keep = () => {};
    const first = await startWorker({ told: () => new Promise<void>((resolve) => (keep = resolve)) });
    await add('a');
    await runs(first, 'a');
    first.end('a');
    await eventually('the final event is out', async () => (await finals('a')).length === 1);
    first.cut();
    const second = await startWorker();
    await isOver('a');
    expect(second.started).toEqual([]);
    expect(second.heard.map(({ type }) => type)).toEqual(['call.recording_ready']);
    expect(await finals('a')).toHaveLength(1);
    keep();
    await first.mend();
  });

  test('goes on while Redis is emptied: its record is complete afterwards, and its end is told once', async () => {
    const first = await startWorker();
    const second = await startWorker();
    await add('a');
    await eventually('it runs', () => first.started.length + second.started.length === 1);
    const owner = first.started.length === 1 ? first : second;
    await eventually('its record is there', () => redisRecordStore(fake.redis(), fake.queue().name).get('a'));
    await fake.redis().flushall();
    await eventually('its record is there again', () =>
      redisRecordStore(fake.redis(), fake.queue().name).get('a'),
    );
    expect(await fake.queue().getJobState('a')).toBe('active');
    await requestStop(fake.redis(), fake.queue().name, 'a');
    await isOver('a');
    expect(first.started.length + second.started.length).toBe(1);
    expect(owner.started[0]?.stop.reason).toBe('stopped');
    expect(await finals('a')).toHaveLength(1);
    const record = await redisRecordStore(fake.redis(), fake.queue().name).get('a');
    expect(record).toMatchObject({ state: 'ready', result: { status: 'completed' } });
  });

  test.each([
    'as it was when the job was still waiting',
    'as it was in mid-recording',
    'empty',
  ])('goes on while Redis is away and comes back %s', async (how) => {
    const add1 = add('a');
    await add1;
    if (how.includes('waiting')) await fake.redis().save();
    const first = await startWorker();
    const second = await startWorker();
    await eventually('it runs', () => first.started.length + second.started.length === 1);
    await eventually('its record is there', () => redisRecordStore(fake.redis(), fake.queue().name).get('a'));
    if (how.includes('mid-recording')) await fake.redis().save();
    await fake.stopRedis();
    // It ends while Redis is away.
    if (how.includes('mid-recording')) for (const worker of [first, second]) worker.end('a');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await fake.startRedisAgain(how === 'empty');
    if (!how.includes('mid-recording')) {
      await eventually('its record is there again', () =>
        redisRecordStore(fake.redis(), fake.queue().name).get('a'),
      );
      // The record may be there first: whoever finds the job on the queue tells that it waits.
      await eventually('it runs', async () => (await fake.queue().getJobState('a')) === 'active');
      for (const worker of [first, second]) worker.end('a');
    }
    await isOver('a');
    expect(first.started.length + second.started.length).toBe(1);
    expect(await finals('a')).toHaveLength(1);
    const record = await redisRecordStore(fake.redis(), fake.queue().name).get('a');
    expect(record).toMatchObject({ state: 'ready', result: { status: 'completed' } });
    expect(await leaseOf('a')).toBeNull();
  });
});
