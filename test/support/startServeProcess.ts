import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually } from './eventually.ts';
import { freePort } from './freePort.ts';
import { apiConfig, QUEUE } from './startApi.ts';

const RUN = fileURLToPath(new URL('../run.mjs', import.meta.url));

export interface ServeProcess {
  readonly url: string;
  readonly pid: number;
  readonly hasEnded: () => boolean;
  /** What it uses after garbage was collected. */
  memory(): Promise<NodeJS.MemoryUsage>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Starts a server of the recording API in a process of its own, with its files in `folder`. */
export async function startServeProcess(redisUrl: string, folder: string): Promise<ServeProcess> {
  const port = await freePort();
  const path = join(folder, `api-${port}.json`);
  await writeFile(path, JSON.stringify(apiConfig({ listen: `127.0.0.1:${port}` })));
  const server = spawn(process.execPath, ['--expose-gc', RUN, 'support/serveUntilKilled', path], {
    env: {
      ...process.env,
      ...{ REDIS_URL: redisUrl, COMPOSITOR_QUEUE: QUEUE, COMPOSITOR_RECORDINGS_DIR: folder },
      COMPOSITOR_LOG: 'error',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(server, 'exit');
  const url = `http://127.0.0.1:${port}`;
  await eventually('the server answers', async () => (await fetch(`${url}/healthz`)).ok, {
    withinMs: 30_000,
  });
  return {
    url,
    pid: server.pid as number,
    hasEnded: () => server.exitCode !== null || server.signalCode !== null,
    memory: async () => {
      server.send('memory');
      const [used] = (await once(server, 'message')) as [NodeJS.MemoryUsage];
      return used;
    },
    kill: async () => {
      server.kill('SIGKILL');
      await ended;
    },
  };
}
