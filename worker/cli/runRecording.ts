import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import { forgetCommands, sendCommand } from '../control/commandStream.ts';
import { redisDeliveryStore } from '../deliveries/redisDeliveryStore.ts';
import { followRecording } from '../job/followRecording.ts';
import { startOwnRedis } from '../job/ownRedis.ts';
import { connectRedis, pingRedis } from '../job/queue.ts';
import { createLog } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { eventStreamOf } from '../records/eventStream.ts';
import { redisRecordStore } from '../records/redisRecordStore.ts';
import { startWorker } from '../startWorker.ts';
import { forgetSound } from '../transcripts/keptSound.ts';
import { forgetTranscripts } from '../transcripts/transcriptQueue.ts';
import type { WorkerConfig } from '../workerConfig.ts';
import { awaitTranscript } from './awaitTranscript.ts';
import { heedSignals } from './heedSignals.ts';

/** The queue of the one job ends with it, so its webhook gets this long. */
const DELIVERY_LIMIT_MS = 10_000;

/**
 * Runs one job through a queue and a worker of its own in this process. It uses the Redis of REDIS_URL, or
 * starts one. The first Ctrl-C stops the recording and stores it, or ends without its transcript where only that is missing; the
 * third one ends the process at once.
 */
export async function runRecording(
  payload: unknown,
  config: WorkerConfig,
  onEvent: (event: RecordingEvent) => void,
): Promise<RecordingResult> {
  process.umask(config.umask);
  let isAsked = false;
  let stop = () => {};
  const unheed = heedSignals(() => {
    isAsked = true;
    stop();
  });
  try {
    const ownRedis = process.env.REDIS_URL ? null : await startOwnRedis();
    const redisUrl = ownRedis?.url ?? config.redisUrl;
    const recordingId = randomUUID();
    const queueName = `${config.queueName}-${recordingId}`;
    const redis = connectRedis(redisUrl);
    // Without looking for the job: the queue and the id are ours, and it may not be on the queue yet.
    stop = () =>
      void sendCommand(redis, queueName, { recordingId, command: { type: 'stop' } }).catch((error) =>
        console.error(`the recording cannot be stopped: ${messageOf(error)}`),
      );
    try {
      await pingRedis(redisUrl);
      if (isAsked) stop();
      const giveUp = new AbortController();
      const onStored = () => {
        stop = () => giveUp.abort();
      };
      const given = { redis, queueName, recordingId, payload, onStored, giveUp: giveUp.signal };
      return await runOnQueue(given, { ...config, redisUrl, queueName, warmBrowsers: 0 }, onEvent);
    } finally {
      stop = () => {};
      redis.disconnect();
      await ownRedis?.stop();
    }
  } finally {
    unheed();
  }
}

async function runOnQueue(
  given: {
    redis: Redis;
    queueName: string;
    recordingId: string;
    payload: unknown;
    /** Only the transcript is waited for from now on. */
    onStored: () => void;
    /** Aborted where nobody waits for the transcript any longer. */
    giveUp: AbortSignal;
  },
  config: WorkerConfig,
  onEvent: (event: RecordingEvent) => void,
): Promise<RecordingResult> {
  const { redis, queueName, recordingId, onStored, giveUp } = given;
  const worker = await startWorker(config, redis, createLog(config.logLevel));
  try {
    const result = await followRecording(given, onEvent);
    if (result.transcript === null) return result;
    onStored();
    const store = redisRecordStore(redis, queueName);
    const waited = { store, waiting: worker.transcriptsWaiting, giveUp };
    return { ...result, transcript: await awaitTranscript(result, result.transcript, waited) };
  } finally {
    if ((await worker.delivered(DELIVERY_LIMIT_MS)) > 0)
      console.error(`the webhook has not taken all events within ${DELIVERY_LIMIT_MS} ms; they are lost`);
    await worker.close();
    await forgetSound(resolve(config.recordingsDir), recordingId);
    await forgetQueue(redis, queueName, recordingId);
  }
}

/** The queue was made for this one recording, so it is removed: the Redis may not be ours. */
async function forgetQueue(redis: Redis, queueName: string, recordingId: string): Promise<void> {
  const queue = new Queue(queueName, { connection: redis });
  await queue.obliterate({ force: true });
  await queue.close();
  await redisRecordStore(redis, queueName).forget(recordingId);
  await forgetCommands(redis, queueName);
  await redis.del(eventStreamOf(queueName));
  await redisDeliveryStore(redis, queueName).forgetAll();
  await forgetTranscripts(redis, queueName);
}
