import { originOf } from '../deliveries/delivery.ts';
import type { DeliveryStore, ListedDelivery } from '../deliveries/deliveryStore.ts';
import { redisDeliveryStore } from '../deliveries/redisDeliveryStore.ts';
import { connectRedis, pingRedis } from '../job/queue.ts';
import { readWorkerConfig } from '../workerConfig.ts';
import { printTable } from './printTable.ts';

interface Options {
  readonly json?: boolean;
  /** The id of a dead letter, or `all`. */
  readonly resend?: string;
}

/**
 * `deliveries`: lists the events that wait for their webhook, and those that could not be delivered within 25 h.
 * With `resend`, puts dead ones on their way again. Resolves to 1 if there is no dead letter of the given id.
 */
export async function deliveries({ json, resend }: Options): Promise<number> {
  const { redisUrl, queueName } = readWorkerConfig(process.env);
  await pingRedis(redisUrl);
  const redis = connectRedis(redisUrl);
  try {
    const store = redisDeliveryStore(redis, queueName);
    if (resend === undefined) {
      const listed = (await store.list()).map(shown);
      if (json) console.log(JSON.stringify(listed, null, 2));
      else printTable(listed, 'nothing waits for a webhook, and nothing is dead');
      return 0;
    }
    const sent = resend === 'all' ? await resendAll(store) : (await store.resend(resend)) ? [resend] : [];
    if (json) console.log(JSON.stringify({ resent: sent }));
    else console.log(`${sent.length} on the way again; a worker of the queue ${queueName} sends them`);
    if (resend === 'all' || sent.length > 0) return 0;
    console.error(`no dead letter has the id ${resend}; "call-compositor deliveries" lists them`);
    return 1;
  } finally {
    redis.disconnect();
  }
}

/** Resolves to the ids of the dead letters that were sent again. The list holds only the newest at a time. */
async function resendAll(store: DeliveryStore): Promise<string[]> {
  const sent: string[] = [];
  for (;;) {
    const before = sent.length;
    for (const { state, delivery } of await store.list())
      if (state === 'dead' && (await store.resend(delivery.id))) sent.push(delivery.id);
    if (sent.length === before) return sent;
  }
}

/** What is told of a delivery: neither its secret nor more of its address than the origin, for it may hold another. */
function shown(listed: ListedDelivery) {
  const { state, delivery, failures, error, nextTryUnixMs } = listed;
  const { id, recordingId, type, sinceUnixMs } = delivery;
  return {
    id,
    state,
    recording_id: recordingId,
    event: type,
    target: originOf(delivery),
    since: new Date(sinceUnixMs).toISOString(),
    failures,
    next_try: nextTryUnixMs === null ? null : new Date(nextTryUnixMs).toISOString(),
    error,
  };
}
