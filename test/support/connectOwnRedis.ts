import { connectRedis } from '../../worker/job/queue.ts';
import { startRedis } from './startRedis.ts';

/** Starts an empty Redis and connects to it as a worker does; `close` ends both. */
export async function connectOwnRedis() {
  const server = await startRedis();
  const redis = connectRedis(server.url);
  const close = async () => {
    redis.disconnect();
    await server.stop();
  };
  return { redis, url: server.url, close };
}
