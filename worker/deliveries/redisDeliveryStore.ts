import type { Redis } from 'ioredis';
import { answersOf } from '../answersOf.ts';
import { type AnyDelivery, type Delivery, originOf } from './delivery.ts';
import { ARRIVED, BURY, FAILED, PUT, RESEND, TAKE_LANE } from './deliveryScripts.ts';
import type { DeliveryStore, ListedDelivery, TakenDelivery } from './deliveryStore.ts';

/** Longer than a request may take. After it, the worker that took a delivery must have been lost. */
const TAKEN_FOR_MS = 30_000;
const DEAD_KEPT_S = 7 * 24 * 60 * 60;
const MOST_LISTED = 1_000;
/** So many are read at once, and so many batches at most: what one tenant has must not be hidden by what others have. */
const BATCH = 1_000;
const MOST_BATCHES = 100;

/** A delivery that has failed for good, as it is kept. */
interface DeadLetter<D> {
  readonly delivery: D;
  readonly failures: number;
  readonly error: string;
}

/** What is kept of the failures of a lane, as Redis has it; nothing where there was none. */
interface FailuresOfLane {
  readonly failures?: string;
  readonly error?: string | null;
}

/**
 * Keeps deliveries in Redis: a list for each lane, a sorted set of lanes by the time when they are due, and a key for
 * each dead letter, which Redis deletes by itself. `now` gives the time in Unix ms; without it, it is that of Redis.
 */
export function redisDeliveryStore<D extends AnyDelivery = Delivery>(
  redis: Redis,
  queueName: string,
  now?: () => number,
): DeliveryStore<D> {
  const prefix = `call-compositor:${queueName}:deliveries`;
  const due = `${prefix}:due`;
  const dead = `${prefix}:dead`;
  const over = `${prefix}:over`;
  const lists = `${prefix}:lane:`;
  const keysOf = (lane: string) => [due, `${lists}${lane}`, `${prefix}:failures:${lane}`] as const;
  const letterKey = (id: string) => `${prefix}:dead:${id}`;

  async function nowUnixMs(): Promise<number> {
    if (now) return now();
    const [seconds, microseconds] = await redis.time();
    return Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000);
  }

  async function readLetters(from: number): Promise<ListedDelivery<D>[]> {
    const ids = await redis.zrevrange(dead, from, from + BATCH - 1);
    const texts = ids.length === 0 ? [] : await redis.mget(ids.map(letterKey));
    const letters = texts.flatMap((text) => (text === null ? [] : (JSON.parse(text) as DeadLetter<D>)));
    return letters.map((letter) => ({ ...letter, state: 'dead', nextTryUnixMs: null }));
  }

  async function readWaiting(from: number): Promise<ListedDelivery<D>[]> {
    const lanes = await redis.zrange(due, from, from + BATCH - 1, 'WITHSCORES');
    const waiting: ListedDelivery<D>[] = [];
    const questions = redis.pipeline();
    for (let at = 0; at < lanes.length; at += 2) {
      const [, list, failures] = keysOf(String(lanes[at]));
      questions.lrange(list, 0, MOST_LISTED - 1).hgetall(failures);
    }
    const answers = await answersOf(questions);
    for (let at = 0; at < lanes.length; at += 2) {
      const [texts, last] = [answers[at] as string[], answers[at + 1] as FailuresOfLane];
      waiting.push(...listedLane(texts, last, Number(lanes[at + 1])));
    }
    return waiting;
  }

  /** Only the first of a lane is tried. */
  function listedLane(
    texts: readonly string[],
    { failures = '0', error = null }: FailuresOfLane,
    dueUnixMs: number,
  ): ListedDelivery<D>[] {
    return texts.map((text, index) => ({
      state: 'waiting',
      delivery: JSON.parse(text) as D,
      failures: index === 0 ? Number(failures) : 0,
      error: index === 0 ? error : null,
      nextTryUnixMs: index === 0 ? dueUnixMs : null,
    }));
  }

  /** The first of a set of `size` that are wanted, read batch by batch. */
  async function firstWanted(
    size: number,
    readFrom: (from: number) => Promise<ListedDelivery<D>[]>,
    isWanted: (delivery: D) => boolean,
  ): Promise<ListedDelivery<D>[]> {
    const found: ListedDelivery<D>[] = [];
    for (
      let from = 0;
      from < Math.min(size, MOST_BATCHES * BATCH) && found.length < MOST_LISTED;
      from += BATCH
    )
      found.push(...(await readFrom(from)).filter(({ delivery }) => isWanted(delivery)));
    return found.slice(0, MOST_LISTED);
  }

  return {
    nowUnixMs,
    put: async (delivery) => {
      const lane = laneOf(delivery);
      const put = [lane, JSON.stringify(delivery), await nowUnixMs(), delivery.id];
      await redis.eval(PUT, 4, ...keysOf(lane), over, ...put);
    },
    take: async (exceptOrigins) => {
      const takenAt = await nowUnixMs();
      const taken = [takenAt, takenAt + TAKEN_FOR_MS, lists];
      const lane = await redis.eval(TAKE_LANE, 1, due, ...taken, ...exceptOrigins);
      if (typeof lane !== 'string') return null;
      const [, list, failures] = keysOf(lane);
      const [text, last] = await Promise.all([redis.lindex(list, 0), redis.hgetall(failures)]);
      if (text === null) return null;
      const failingSinceUnixMs = last.since === undefined ? null : Number(last.since);
      const delivery = JSON.parse(text) as D;
      return { lane, delivery, failures: Number(last.failures ?? 0), failingSinceUnixMs };
    },
    arrived: async ({ lane, delivery }) => {
      const arrived = [lane, JSON.stringify(delivery), await nowUnixMs(), delivery.id];
      await redis.eval(ARRIVED, 4, ...keysOf(lane), over, ...arrived);
    },
    failed: async ({ lane, delivery, failures, failingSinceUnixMs }, error, waitMs) => {
      const at = await nowUnixMs();
      const state = [at + waitMs, failures + 1, failingSinceUnixMs ?? at, error];
      await redis.eval(FAILED, 3, ...keysOf(lane), lane, JSON.stringify(delivery), ...state);
    },
    bury: async ({ lane, delivery, failures }: TakenDelivery<D>, error) => {
      const letter: DeadLetter<D> = { delivery, failures: failures + 1, error };
      const keys = [...keysOf(lane), over, letterKey(delivery.id), dead];
      const kept = [delivery.id, JSON.stringify(letter), DEAD_KEPT_S];
      await redis.eval(BURY, 6, ...keys, lane, JSON.stringify(delivery), await nowUnixMs(), ...kept);
    },
    giveBack: async ({ lane }) => {
      await redis.zadd(due, 'XX', await nowUnixMs(), lane);
    },
    fatesOf: async (deliveries) => {
      const questions = redis.pipeline();
      for (const delivery of deliveries) {
        const [, list] = keysOf(laneOf(delivery));
        questions.lpos(list, JSON.stringify(delivery)).zscore(over, delivery.id);
      }
      const answers = await answersOf(questions);
      return deliveries.map((_, at) => {
        const [place, end] = [answers[2 * at], answers[2 * at + 1]];
        return end != null ? 'over' : place != null ? 'waiting' : 'lost';
      });
    },
    list: async (isWanted = () => true) => {
      await redis.zremrangebyscore(dead, '-inf', (await nowUnixMs()) - DEAD_KEPT_S * 1000);
      const waiting = await firstWanted(await redis.zcard(due), readWaiting, isWanted);
      return [...waiting, ...(await firstWanted(await redis.zcard(dead), readLetters, isWanted))];
    },
    resend: async (id, isWanted = () => true) => {
      const text = await redis.get(letterKey(id));
      const letter = text === null ? null : (JSON.parse(text) as DeadLetter<D>);
      if (letter === null || !isWanted(letter.delivery)) return false;
      const sinceUnixMs = await nowUnixMs();
      const delivery = { ...letter.delivery, sinceUnixMs };
      const lane = laneOf(delivery);
      const keys = [...keysOf(lane), letterKey(id), dead];
      return (await redis.eval(RESEND, 5, ...keys, lane, JSON.stringify(delivery), sinceUnixMs, id)) === 1;
    },
    counts: async () => {
      await redis.zremrangebyscore(dead, '-inf', (await nowUnixMs()) - DEAD_KEPT_S * 1000);
      return { waiting: await redis.zcard(due), dead: await redis.zcard(dead) };
    },
    forgetAll: async () => {
      const lanes = await redis.zrange(due, 0, -1);
      const letters = await redis.zrange(dead, 0, -1);
      await redis.del(due, dead, over, ...lanes.flatMap(keysOf), ...letters.map(letterKey));
    },
  };
}

/** The scripts read the origin from the name, up to the first space. */
function laneOf(delivery: AnyDelivery): string {
  const { recordingId, hook } = delivery;
  return [originOf(delivery), recordingId, ...(hook === undefined ? [] : [hook])].join(' ');
}
