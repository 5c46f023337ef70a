import { findProgram } from './findProgram.ts';
import { freePort } from './freePort.ts';
import { type RunningServer, startServer } from './startServer.ts';

const path = findProgram('redis-server');

/** Why `startRedis` cannot work here, or null. */
export const redisMissing = path
  ? null
  : 'redis-server is not on PATH (Debian: apt-get install redis-server)';

export type Redis = RunningServer & { host: string; port: number; url: string };

/**
 * Starts an empty Redis on loopback that writes nothing to disk. With `port` it takes the place of one that was stopped,
 * and with `folder` it begins with the snapshot that lies there, and writes one there when it is told to.
 */
export async function startRedis(given: { port?: number; folder?: string } = {}): Promise<Redis> {
  if (!path) throw new Error(`Redis cannot be started: ${redisMissing}`);
  const host = '127.0.0.1';
  const port = given.port ?? (await freePort());
  const args = (folderPath: string) => [
    ...['--bind', host, '--port', String(port), '--dir', given.folder ?? folderPath],
    ...['--save', '', '--appendonly', 'no'],
  ];
  const server = await startServer({ name: 'redis-server', path, args, port });
  return { ...server, host, port, url: `redis://${host}:${port}` };
}
