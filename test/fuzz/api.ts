import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { startRedis } from '../support/startRedis.ts';
import { startServeProcess } from '../support/startServeProcess.ts';
import { fuzzApi, sendNonsense } from './apiRequests.ts';

/** Sends malformed requests to a server of the recording API, and reports how it answered and whether its memory grew. */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('fuzz/api')
    .option('--requests <n>', 'how many', Number, 10_000)
    .option('--seed <n>', 'repeats a run', Number)
    .parse(argv);
  const { requests, seed } = command.opts<{ requests: number; seed?: number }>();
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-api-'));
  const redis = await startRedis();
  const server = await startServeProcess(redis.url, folder);
  const rounds = 10;
  const counts = new Map<number, number>();
  try {
    for (let round = 1; round <= rounds; round += 1) {
      const of = {
        url: server.url,
        requests: Math.ceil(requests / rounds),
        ...(seed && { seed: seed + round }),
      };
      for (const [status, count] of await fuzzApi(of)) counts.set(status, (counts.get(status) ?? 0) + count);
      const { heapUsed, external, rss } = await server.memory();
      console.log(
        `${round * of.requests} requests: the server uses ${MiB(heapUsed + external)} MiB, and has ${MiB(rss)} MiB`,
      );
    }
    console.log(`${await sendNonsense(server.url)} messages that are no HTTP: the server answers on`);
    const sorted = [...counts].sort(([one], [other]) => one - other);
    console.log(sorted.map(([status, count]) => `${status}: ${count}`).join(', '));
    if (server.hasEnded()) throw new Error('the server has ended');
  } finally {
    await server.kill();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function MiB(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(1);
}
