import { readdir, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processesNaming } from '../support/processesNaming.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const RECORDINGS = 20;
/** Resident memory of Node wanders by this much between collections; a leak of 20 browsers' bookkeeping is more. */
const WANDER_MIB = 40;

let compositor: Compositor;

beforeAll(async () => {
  compositor = await startCompositor();
});

afterAll(() => compositor?.close());

test('20 recordings in a row leave a worker as it was after the first', { timeout: 300_000 }, async () => {
  const job = {
    call: { id: 'a' },
    source: { kind: 'demo', participants: 1 },
    recording: { quality: '360p' },
    limits: { max_duration_s: 1 },
  };
  await compositor.record(job);
  const first = await footprint();
  for (let index = 1; index < RECORDINGS; index++) {
    expect(await compositor.record(job)).toMatchObject({ status: 'completed', duration_s: 1 });
  }
  const last = await footprint();
  expect({ ...last, memoryMiB: 0 }).toEqual({ ...first, memoryMiB: 0 });
  console.info(
    `memory after the first: ${first.memoryMiB.toFixed(0)} MiB, after ${RECORDINGS}: ${last.memoryMiB.toFixed(0)} MiB`,
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
    redisKeys: (await compositor.redis.keys('*')).sort(),
    memoryMiB: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
  };
}
