import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import getPort from 'get-port';
import { RecordingError } from '../recordingError.ts';
import { pingRedis } from './queue.ts';

export interface OwnRedis {
  readonly url: string;
  stop(): Promise<void>;
}

/** How long to wait before a Redis that has ended is started again. */
const AGAIN_AFTER_MS = 200;

/**
 * Starts a Redis of our own on a free loopback port, which writes no files. If it ends, it is started again, empty, on
 * the same port: the worker then writes again what belongs to a running recording. Throws queue_unreachable if it cannot
 * start.
 */
export async function startOwnRedis(): Promise<OwnRedis> {
  const port = await getPort({ host: '127.0.0.1' });
  const folder = await mkdtemp(join(tmpdir(), `call-compositor-${process.pid}-redis-`));
  let child = launch(port, folder);
  let isStopping = false;
  // However this process ends, nothing of it is left.
  const end = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', end);
  const url = `redis://127.0.0.1:${port}`;
  const missing = new Promise<never>((_, reject) => {
    child.once('error', (error) => {
      const message = `redis-server cannot be started (${error.message}). Set REDIS_URL, or run "npm run setup".`;
      reject(new RecordingError('queue_unreachable', message));
    });
  });
  try {
    await Promise.race([pingRedis(url), missing]);
  } catch (error) {
    process.off('exit', end);
    end();
    throw error;
  }
  const keeping = keepRunning();

  async function keepRunning(): Promise<void> {
    for (;;) {
      await ended(child);
      if (isStopping) return;
      console.error('\nredis-server has ended; it is started again');
      await wait(AGAIN_AFTER_MS);
      if (isStopping) return;
      child = launch(port, folder);
    }
  }

  return {
    url,
    stop: async () => {
      isStopping = true;
      child.kill('SIGTERM');
      await keeping;
      process.off('exit', end);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** In a process group of its own: a Ctrl-C in the terminal is ours to handle, and needs Redis. */
function launch(port: number, folder: string): ChildProcess {
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const options = [...place, '--save', '', '--appendonly', 'no'];
  return spawn('redis-server', options, { stdio: 'ignore', detached: true });
}

/** Resolves once a program has ended, or could not be started. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve()).once('error', () => resolve());
    if (child.exitCode !== null || child.signalCode !== null) resolve();
  });
}
