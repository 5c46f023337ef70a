import { expect, test } from 'vitest';
import { startOwnRedis } from '../../../../worker/job/ownRedis.ts';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { eventually } from '../../../support/eventually.ts';
import { redisMissing } from '../../../support/startRedis.ts';

if (redisMissing) console.warn(`SKIPPED: a Redis of our own (${redisMissing})`);

test.skipIf(redisMissing)(
  'a Redis of our own that is killed comes back at the same address, until it is stopped',
  async () => {
    const own = await startOwnRedis();
    const redis = connectRedis(own.url);
    try {
      const processId = async () => Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1]);
      const first = await processId();
      process.kill(first, 'SIGKILL');
      expect(await eventually('another one is there', async () => (await processId()) !== first)).toBe(true);
    } finally {
      redis.disconnect();
      await own.stop();
    }
    const { port } = new URL(own.url);
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow('fetch failed');
  },
);
