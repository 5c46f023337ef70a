import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processesNaming } from '../support/processesNaming.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const ROUNDS = 4;
/** Several run at once, to save time. */
const RECORDINGS_A_ROUND = 3;
/**
 * Node's resident memory varies by this much between garbage collections. What 9 browsers leave behind would
 * be more.
 */
const WANDER_MIB = 40;
/**
 * Records are kept for 7 days on purpose, and for a day that a recording is over. BullMQ's marker is one key for each queue: a waiting worker takes it,
 * and a busy one leaves it until it waits again.
 */
const MAY_COME_AND_GO = /:record(-events)?:|:over:|:marker$/;

let compositor: Compositor;

beforeAll(async () => {
  compositor = await startCompositor({ COMPOSITOR_COST_SCALE: '0.4' });
});

afterAll(() => compositor?.close());

test('after 9 more recordings a worker uses no more than after the first three', {
  timeout: 300_000,
}, async () => {
  const job = {
    call: { id: 'a' },
    source: { kind: 'demo', participants: 1 },
    recording: { quality: '360p' },
    limits: { max_duration_s: 1 },
  };
  const recordOneRound = async () => {
    const results = await Promise.all(
      Array.from({ length: RECORDINGS_A_ROUND }, () => compositor.record(job)),
    );
    for (const result of results)
      expect(result).toMatchObject({ status: 'completed', error: null, duration_s: 1 });
  };
  await recordOneRound();
  const first = await footprint();
  for (let round = 1; round < ROUNDS; round++) await recordOneRound();
  const last = await footprint();
  expect({ ...last, memoryMiB: 0 }).toEqual({ ...first, memoryMiB: 0 });
  console.info(
    `memory after the first: ${first.memoryMiB.toFixed(0)} MiB, after all: ${last.memoryMiB.toFixed(0)} MiB`,
  );
  expect(last.memoryMiB - first.memoryMiB).toBeLessThan(WANDER_MIB);
});

async function footprint() {
  await compositor.idle();
  const status = await readFile(`/proc/${compositor.pid}/status`, 'utf8');
  return {
    browsers: await processesNaming(`call-compositor-${compositor.pid}-`),
    openFiles: (await readdir(`/proc/${compositor.pid}/fd`)).length,
    temporaryFolders: await compositor.workFolders(),
    redisKeys: (await compositor.redis.keys('*')).filter((key) => !MAY_COME_AND_GO.test(key)).sort(),
    memoryMiB: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
  };
}
