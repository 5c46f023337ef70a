import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { connectRedis } from '../../worker/job/queue.ts';
import { eventually } from '../support/eventually.ts';
import { startDurableRedis } from './startDurableRedis.ts';

/** A Redis with a replica, behind one address that leads to whichever of them is the primary. */
export interface RedisPair {
  readonly url: string;
  readonly client: Redis;
  /**
   * The replica becomes the primary, and new connections lead to it. The old one is killed `afterMs` before, or goes on as a
   * replica that refuses to be written to, with its connections open.
   */
  failOver(old: 'is killed' | 'is demoted', afterMs: number): Promise<void>;
  close(): Promise<void>;
}

export async function startRedisPair(): Promise<RedisPair> {
  const old = await startDurableRedis();
  const replica = await startDurableRedis();
  await replica.client.replicaof('127.0.0.1', old.port);
  await eventually(
    'the replica follows',
    async () => (await replica.client.info('replication')).includes('master_link_status:up'),
    { withinMs: 20_000 },
  );
  const name = await openName(old.port);
  const client = connectRedis(name.url);

  return {
    url: name.url,
    client,
    failOver: async (how, afterMs) => {
      if (how === 'is killed') {
        await old.die();
        await wait(afterMs);
      }
      await replica.client.replicaof('NO', 'ONE');
      name.leadTo(replica.port);
      if (how === 'is demoted') await old.client.replicaof('127.0.0.1', replica.port);
    },
    close: async () => {
      client.disconnect();
      await name.close();
      await replica.close();
      await old.close();
    },
  };
}

/** An address of which each new connection leads to one port of this machine. */
async function openName(firstPort: number) {
  let port = firstPort;
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const onward = connect(port, '127.0.0.1');
    const ends = [socket, onward];
    for (const end of ends) {
      open.add(end);
      end.on('error', () => {}); // it is closed next
      end.once('close', () => {
        for (const other of ends) other.destroy();
        open.delete(end);
      });
    }
    socket.pipe(onward).pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (to: number) => {
      port = to;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
