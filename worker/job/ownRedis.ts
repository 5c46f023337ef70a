import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { RecordingError } from '../recordingError.ts';
import { pingRedis } from './queue.ts';

export interface OwnRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts a Redis of our own on a free loopback port, which writes no files. Throws queue_unreachable if it
 * cannot start.
 */
export async function startOwnRedis(): Promise<OwnRedis> {
  const port = await getPort({ host: '127.0.0.1' });
  const folder = await mkdtemp(join(tmpdir(), `call-compositor-${process.pid}-redis-`));
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
  ];
  // In a process group of its own: a Ctrl-C in the terminal is ours to handle, and needs Redis.
  const child = spawn('redis-server', options, { stdio: 'ignore', detached: true });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const missing = new Promise<never>((_, reject) => {
    child.once('error', (error) => {
      const message = `redis-server cannot be started (${error.message}). Set REDIS_URL, or run "npm run setup".`;
      reject(new RecordingError('queue_unreachable', message));
    });
  });
  const url = `redis://127.0.0.1:${port}`;
  await Promise.race([pingRedis(url), missing]);
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
