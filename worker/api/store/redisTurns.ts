import type { Redis } from 'ioredis';
import type { EventStream } from '../api.ts';

const GIVE_TURN = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;
const BEGINNING = '0-0';

/** Keeps in Redis how far events were told, and whose turn it is to tell them. */
export function redisTurns(
  redis: Redis,
  queueName: string,
  newest: () => Promise<string>,
): Pick<EventStream, 'begin' | 'told' | 'noteTold' | 'takeTurn' | 'giveTurn'> {
  const prefix = `call-compositor:${queueName}:api`;
  const [toldKey, turnKey] = [`${prefix}:events-told`, `${prefix}:events-turn`];
  return {
    begin: async () => {
      await redis.set(toldKey, await newest(), 'NX');
    },
    told: async () => (await redis.get(toldKey)) ?? BEGINNING,
    noteTold: async (position) => {
      await redis.set(toldKey, position);
    },
    takeTurn: async (server, forMs) => (await redis.set(turnKey, server, 'PX', forMs, 'NX')) === 'OK',
    giveTurn: async (server) => {
      await redis.eval(GIVE_TURN, 1, turnKey, server);
    },
  };
}
