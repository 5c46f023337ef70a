import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { openDeliveries } from '../../worker/deliveries/openDeliveries.ts';
import { redisDeliveryStore } from '../../worker/deliveries/redisDeliveryStore.ts';
import { connectRedis } from '../../worker/job/queue.ts';
import { createLog } from '../../worker/log.ts';

/**
 * A worker whose recording ends, and which is killed as soon as its events are kept. The arguments are the address of
 * Redis, the queue and the webhook.
 */
export async function main([, , redisUrl, queueName, url]: readonly string[]): Promise<void> {
  const store = redisDeliveryStore(connectRedis(String(redisUrl)), String(queueName));
  const deliveries = openDeliveries(store, createLog('silent'));
  const listener = deliveries.listenerFor({ url: String(url), secret: null, tenant: null });
  const base = { recording_id: 'r1', call_cid: 'default:a', created_at: new Date().toISOString() };
  for (const type of ['call.recording_started', 'call.recording_ready'])
    listener({ ...base, type } as unknown as RecordingEvent);
  await deliveries.kept();
  process.kill(process.pid, 'SIGKILL');
}
