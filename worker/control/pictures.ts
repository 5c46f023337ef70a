import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';

/** Nobody looks at an older picture, and whoever asks within this time gets the same one. */
const KEPT_MS = 1_000;
/** Only one of those who ask at the same time asks the worker. It answers within a few milliseconds. */
const ASKED_FOR_MS = 500;
const ANSWERED_WITHIN_MS = 1_500;
const LOOK_EVERY_MS = 40;
/** Questions that nobody has read are of no use. */
const MOST_QUESTIONS = 100;

/** Who asks for a picture writes the id of the recording into this stream, which every worker reads with its commands. */
export const questionsOf = (queueName: string) => `call-compositor:${queueName}:picture-questions`;
const pictureOf = (queueName: string, recordingId: string) =>
  `call-compositor:${queueName}:picture:${recordingId}`;

/** Keeps a picture for those who wait for it. */
export async function answerWithPicture(
  redis: Redis,
  queueName: string,
  recordingId: string,
  jpeg: Uint8Array,
): Promise<void> {
  await redis.set(pictureOf(queueName, recordingId), Buffer.from(jpeg), 'PX', KEPT_MS);
}

/** Asks the worker that has the recording for the picture of now. Resolves to null if none answers, or if there is none. */
export async function askForPicture(
  redis: Redis,
  queueName: string,
  recordingId: string,
): Promise<Uint8Array | null> {
  const key = pictureOf(queueName, recordingId);
  const known = await redis.getBuffer(key);
  if (known) return known;
  if (await redis.set(`${key}:asked`, '1', 'PX', ASKED_FOR_MS, 'NX'))
    await redis.xadd(questionsOf(queueName), 'MAXLEN', '~', MOST_QUESTIONS, '*', 'recording', recordingId);
  const givesUpAtMs = performance.now() + ANSWERED_WITHIN_MS;
  while (performance.now() < givesUpAtMs) {
    await wait(LOOK_EVERY_MS);
    const jpeg = await redis.getBuffer(key);
    if (jpeg) return jpeg;
  }
  return null;
}
