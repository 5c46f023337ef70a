import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import { openQueue } from '../../worker/job/openQueue.ts';
import { connectRedis } from '../../worker/job/queue.ts';
import { eventually } from '../support/eventually.ts';
import { KEYS, QUEUE, signToken } from '../support/startApi.ts';
import { startFakeWorker } from '../support/startFakeWorker.ts';
import { startRedis } from '../support/startRedis.ts';
import { type ServeProcess, startServeProcess } from '../support/startServeProcess.ts';

/** So many calls are started and stopped at a time. */
const AT_ONCE = 4;

export interface StartsReport {
  readonly starts: number;
  /** How long a start took to be answered. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How long after its answer a worker had the recording, at the 99th of 100. */
  readonly takenP99Ms: number;
  /** Calls without a recording that is ready; those with several; jobs that are left on the queue; recordings nobody asked for. */
  readonly lost: number;
  readonly doubled: number;
  readonly orphaned: number;
  /** Requests that were sent again, because the server was killed under them. */
  readonly repeated: number;
}

/**
 * Starts and stops recordings at two servers, which are processes of their own, one of which is killed in the middle. The
 * two workers take real jobs from a real queue, and only the browsers are left out.
 */
export async function startAndStop(starts: number): Promise<StartsReport> {
  const folder = await mkdtemp(join(tmpdir(), 'starts-'));
  const redisServer = await startRedis();
  const redis = connectRedis(redisServer.url);
  const queue = openQueue(redis, QUEUE);
  const servers = await Promise.all([0, 1].map(() => startServeProcess(redisServer.url, folder)));
  const workers = await Promise.all([0, 1].map(() => startFakeWorker(redis, QUEUE)));
  const authorization = await signToken({}, 'acme');
  const times: number[] = [];
  const taken: number[] = [];
  let repeated = 0;
  let done = 0;

  /** Asks one of the servers, and the other one if that is gone. */
  async function ask(at: number, method: string, path: string) {
    for (let tries = 0; ; tries += 1) {
      const { url } = servers[(at + tries) % 2] as ServeProcess;
      try {
        const answer = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}api_key=${KEYS.acme.key}`, {
          ...{ method, headers: { authorization, 'stream-auth-type': 'jwt' } },
        });
        return {
          status: answer.status,
          body: (await answer.json()) as Record<string, unknown>,
          isRepeat: tries > 0,
        };
      } catch (error) {
        if (tries > 5) throw error;
        if (method === 'POST') repeated += 1;
        await wait(10);
      }
    }
  }

  const recordsOf = async (at: number, call: string) => {
    const { body } = await ask(at, 'GET', `/api/v1/recordings?call_type=default&call_id=${call}`);
    return body.recordings as { id: string; state: string }[];
  };
  const startedBy = (id: string) =>
    workers.filter(({ started }) => started.some((job) => job.id === id)).length;

  async function one(at: number): Promise<void> {
    const call = `call-${at}`;
    const path = `/api/v2/video/call/default/${call}`;
    const beganMs = performance.now();
    const answer = await ask(at, 'POST', `${path}/start_recording`);
    const answeredMs = performance.now();
    // What was asked for twice may have been done by the server that was killed.
    const isDone = answer.status === 201 || (answer.isRepeat && answer.status === 400);
    if (!isDone) throw new Error(`${call} was not started: ${JSON.stringify(answer)}`);
    if (!answer.isRepeat) times.push(answeredMs - beganMs);
    await eventually(
      `${call} is taken`,
      async () => startedBy((await recordsOf(at, call))[0]?.id ?? '') > 0,
      { withinMs: 20_000, everyMs: 20 },
    );
    taken.push(performance.now() - answeredMs);
    await ask(at, 'POST', `${path}/stop_recording`);
    await eventually(`${call} is ready`, async () => (await recordsOf(at, call))[0]?.state === 'ready', {
      withinMs: 20_000,
    });
    done += 1;
    if (done === Math.floor(starts / 2)) await servers[1]?.kill();
  }

  try {
    let next = 0;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        while (next < starts) await one(next++);
      }),
    );
    const records = await Promise.all(Array.from({ length: starts }, (_, at) => recordsOf(0, `call-${at}`)));
    const left = await queue.queue.getJobCounts('waiting', 'active', 'delayed');
    const ids = new Set(records.flat().map(({ id }) => id));
    const unknown = workers.flatMap(({ started }) => started).filter(({ id }) => !ids.has(id));
    return {
      ...{ starts, repeated, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) },
      takenP99Ms: quantile(taken, 0.99),
      lost: records.filter((found) => found[0]?.state !== 'ready').length,
      doubled: records.filter((found) => found.length > 1 || startedBy(found[0]?.id ?? '') > 1).length,
      orphaned: Object.values(left).reduce((sum, count) => sum + count, 0) + unknown.length,
    };
  } finally {
    for (const worker of workers) await worker.close();
    for (const server of servers) await server.kill();
    await queue.close();
    redis.disconnect();
    await redisServer.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
}

/** Prints what became of many starts and stops. Throws an Error if one was lost, doubled or orphaned. */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('startsAndStops').option('--starts <n>', 'how many', Number, 500).parse(argv);
  const report = await startAndStop(command.opts<{ starts: number }>().starts);
  console.log(JSON.stringify(report, null, 2));
  if (report.lost + report.doubled + report.orphaned > 0)
    throw new Error('a recording was lost, doubled or orphaned');
}
