import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.ts';
import { findProgram } from '../support/findProgram.ts';
import { freePort } from '../support/freePort.ts';

/** A Redis that can go away and come back with what it held. */
export interface DurableRedis {
  readonly url: string;
  readonly port: number;
  readonly client: Redis;
  /** Ends the server without a warning. Clients see a broken connection. */
  die(): Promise<void>;
  /** Starts it again at the same address, with what it had written. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a Redis on loopback that writes every change to disk, as a queue's Redis should. */
export async function startDurableRedis(): Promise<DurableRedis> {
  const path = findProgram('redis-server');
  if (!path) throw new Error('redis-server is not on PATH (Debian: apt-get install redis-server)');
  const folder = await mkdtemp(join(tmpdir(), 'chaos-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await start();
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on('error', () => {}); // it goes away on purpose

  async function start(): Promise<ChildProcess> {
    const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder];
    const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
    const child = spawn(String(path), [...args, ...durable], { stdio: 'ignore' });
    const probe = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
    probe.on('error', () => {});
    await eventually('Redis answers', async () => (await probe.ping()) === 'PONG', { withinMs: 20_000 });
    probe.disconnect();
    return child;
  }

  async function die(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }

  return {
    url,
    port,
    client,
    die,
    comeBack: async () => {
      server = await start();
    },
    close: async () => {
      client.disconnect();
      await die();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
