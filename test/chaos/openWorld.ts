import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3, startS3 } from '../support/startS3.ts';
import { type S3Proxy, startS3Proxy } from '../support/startS3Proxy.ts';
import { serveWitness, type Witness } from './serveWitness.ts';
import { type DurableRedis, startDurableRedis } from './startDurableRedis.ts';
import { startWorkerProcess, type WorkerProcess } from './startWorkerProcess.ts';

export const QUEUE = 'chaos';
export const BUCKET = 'recordings';

/** Everything that a recording needs, each part of it real and each part of it killable. */
export interface World {
  readonly redis: DurableRedis;
  readonly s3: S3;
  /** What workers take for the S3 server. It can be told to fail. */
  readonly s3Proxy: S3Proxy;
  readonly witness: Witness;
  /** Workers of one `disk` share their folder, as on one machine. */
  startWorker(
    disk?: string,
    env?: Readonly<Record<string, string>>,
    options?: Parameters<typeof startWorkerProcess>[2],
  ): Promise<WorkerProcess>;
  /** The folder of a disk. */
  folderOf(disk: string): string;
  /** Ends all workers, as at the end of a scenario. */
  endWorkers(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-'));
  const redis = await startDurableRedis();
  const s3 = await startS3();
  await s3.createBucket(BUCKET);
  const s3Proxy = await startS3Proxy(s3.endpoint);
  const witness = await serveWitness();
  const temporary = join(folder, 'temporary');
  await mkdir(temporary);
  const workers = new Set<WorkerProcess>();
  const folderOf = (disk: string) => join(folder, disk);

  async function endWorkers(): Promise<void> {
    for (const worker of workers) if (worker.isAlive()) worker.kill('SIGKILL');
    await Promise.all([...workers].map(({ exited }) => exited));
    workers.clear();
  }

  return {
    redis,
    s3,
    s3Proxy,
    witness,
    folderOf,
    startWorker: async (disk = 'disk', env = {}, options = {}) => {
      const settings = {
        TMPDIR: temporary,
        REDIS_URL: redis.url,
        COMPOSITOR_QUEUE: QUEUE,
        COMPOSITOR_ALLOW_PRIVATE_URLS: '1',
        COMPOSITOR_WARM_BROWSERS: '1',
      };
      const worker = await startWorkerProcess(folderOf(disk), { ...settings, ...env }, options);
      workers.add(worker);
      return worker;
    },
    endWorkers,
    close: async () => {
      await endWorkers();
      await witness.close();
      await s3Proxy.close();
      await s3.stop();
      await redis.close();
      // Browsers of killed workers may still be about to end.
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
