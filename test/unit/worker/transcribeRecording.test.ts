import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../../shared/events/recordingEvents.ts';
import { openDeliveries } from '../../../worker/deliveries/openDeliveries.ts';
import { redisDeliveryStore } from '../../../worker/deliveries/redisDeliveryStore.ts';
import { createEgressRules } from '../../../worker/egress/egressRules.ts';
import { inOrder } from '../../../worker/events/inOrder.ts';
import { connectRedis } from '../../../worker/job/queue.ts';
import { createLog } from '../../../worker/log.ts';
import { buildResult, finalEventOf } from '../../../worker/recording/buildResult.ts';
import { keepRecords } from '../../../worker/records/keepRecords.ts';
import { redisRecordStore } from '../../../worker/records/redisRecordStore.ts';
import { transcribeRecording } from '../../../worker/transcribeRecording.ts';
import { keepMovie } from '../../../worker/transcripts/keptSound.ts';
import {
  dropTranscript,
  isTranscriptDropped,
  openTranscriptQueue,
  type TranscriptQueue,
} from '../../../worker/transcripts/transcriptQueue.ts';
import { transcriptTaskOf } from '../../../worker/transcripts/transcriptTask.ts';
import { readWorkerConfig } from '../../../worker/workerConfig.ts';
import { decryptWithAge } from '../../support/decryptWithAge.ts';
import { eventually } from '../../support/eventually.ts';
import { runTool } from '../../support/inspect/runTool.ts';
import { lookForSecrets } from '../../support/plantedSecrets.ts';
import { type Receiver, startReceiver } from '../../support/startReceiver.ts';
import { type Redis as RedisServer, redisMissing, startRedis } from '../../support/startRedis.ts';
import { s3Missing, startS3 } from '../../support/startS3.ts';
import { fails, says, startTranscriber, type Transcriber } from '../../support/startTranscriber.ts';

if (s3Missing) console.warn(`No recording is read back from a bucket: ${s3Missing}`);

const QUEUE = 'transcripts-test';
const KEY = 'sk-the-key-of-the-service';
const ID = 'recording-1';

let server: RedisServer;
let folder: string;
let moviePath: string;
let service: Transcriber;
let receiver: Receiver;
let redis: ReturnType<typeof connectRedis>;
let recordingsDir: string;
const workers: { queue: TranscriptQueue; close(): Promise<void> }[] = [];

beforeAll(async () => {
  if (redisMissing) return;
  server = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'transcribe-'));
  moviePath = join(folder, 'movie.mp4');
  const sources = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:rate=10:duration=4'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440:duration=4:sample_rate=48000', '-c:a', 'aac'];
  await runTool('ffmpeg', ['-v', 'error', ...sources, ...sound, '-c:v', 'libx264', moviePath]);
});
afterAll(async () => {
  await server?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  redis = connectRedis(server.url);
  await redis.flushall();
  service = await startTranscriber();
  receiver = await startReceiver();
  recordingsDir = await mkdtemp(join(folder, 'recordings-'));
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  redis.disconnect();
  await service.close();
  await receiver.goDown();
});

/** A worker that makes transcripts, with the given folder of recordings and environment. */
function startWorker(
  dir = recordingsDir,
  env: Record<string, string> = {},
  isDropped: (id: string) => Promise<boolean> = (id) => isTranscriptDropped(redis, QUEUE, id),
) {
  const log = createLog(process.env.TEST_LOG ?? 'silent');
  const config = readWorkerConfig({
    ...{ REDIS_URL: server.url, COMPOSITOR_QUEUE: QUEUE, COMPOSITOR_RECORDINGS_DIR: dir },
    ...{ COMPOSITOR_ALLOW_PRIVATE_URLS: '1', ...env },
  });
  const own = connectRedis(server.url);
  const records = keepRecords(redisRecordStore(own, QUEUE), (deliver) => inOrder(deliver, log), log);
  const deliveries = openDeliveries(redisDeliveryStore(own, QUEUE), log);
  const deps = {
    ...{ config, egressRules: createEgressRules(config), records, deliveries, log },
    secretsOf: () => async () => KEY,
    isDropped,
    nowUnixMs: () => Date.now(),
    fetchBackAfterMs: 500,
  };
  const queue = openTranscriptQueue(own, QUEUE, (task, given) => transcribeRecording(task, given, deps), log);
  const close = async () => {
    await queue.close();
    await deliveries.close();
    own.disconnect();
  };
  const worker = { queue, records, sealKey: config.sealKey, close };
  workers.push(worker);
  return worker;
}

const jobOf = (changes: object = {}) => ({
  call: { type: 'default', id: 'standup' },
  source: { kind: 'livekit', url: 'wss://calls.example', token: 'a-token-that-only-the-recording-needs' },
  transcription: { url: service.url, api_key: KEY },
  webhook: { url: receiver.url },
  ...changes,
});

/** What the worker that recorded does at the end: the file is stored, its sound may be kept, and it is told. */
async function recorded(
  { queue, records, sealKey }: ReturnType<typeof startWorker>,
  given: { job?: object; isKept?: boolean; location?: string; dir?: string } = {},
): Promise<string> {
  const { job = jobOf(), isKept = true, dir = recordingsDir } = given;
  const file = given.location ?? join(dir, 'default-standup-1.mp4');
  const local = join(dir, 'spooled.part');
  await copyFile(moviePath, local);
  if (isKept) await keepMovie(dir, ID, local);
  if (given.location === undefined) await copyFile(moviePath, file);
  await rm(local); // as when a bucket has taken it
  const figures = { size_bytes: 1, duration_s: 4, frames: 40, dropped_frames: 0, error: null };
  const result = buildResult({
    ...{ recordingId: ID, callCid: 'default:standup', sessionId: null, attempt: 1, reason: 'stopped' },
    ...{
      error: null,
      start: null,
      warnings: [],
      decodedS: 0,
      gaps: [],
      pauses: [],
      endedAtUnixMs: Date.now(),
    },
    ...{ files: [{ name: 'recording', file, media_type: 'video/mp4', ...figures }], isTranscribed: true },
  });
  const event = {
    ...{ recording_id: ID, call_cid: 'default:standup', created_at: new Date().toISOString() },
    ...{ type: finalEventOf(result), result },
  } as RecordingEvent;
  records.publish(event);
  await records.settled(ID);
  const task = transcriptTaskOf(event, job, sealKey);
  if (task) for (const _ of ['once', 'and once more, as after a loss']) queue.put(task);
  await queue.kept();
  return file;
}

const record = async () => (await redisRecordStore(redis, QUEUE).get(ID))?.result;
const transcriptIs = (status: string) =>
  eventually(
    `the transcript is ${status}`,
    async () => {
      const transcript = (await record())?.transcript;
      return transcript?.status === status ? transcript : null;
    },
    { withinMs: 15_000 },
  );
const told = () => receiver.received.map(({ type }) => type);

describe.skipIf(redisMissing)('the transcript of a stored recording', () => {
  test('is made once, lies beside it, and is told to the record and the webhook', async () => {
    service.answers(says('good morning'));
    await recorded(startWorker());
    const { files, language } = await transcriptIs('ready');
    expect(language).toBe('english');
    expect(files).toEqual([
      expect.objectContaining({ format: 'vtt', file: join(recordingsDir, 'default-standup-1.vtt') }),
      expect.objectContaining({ format: 'json', file: join(recordingsDir, 'default-standup-1.json') }),
    ]);
    expect(await readFile(String(files[0]?.file), 'utf8')).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\ngood morning\n',
    );
    expect(JSON.parse(await readFile(String(files[1]?.file), 'utf8'))).toMatchObject({
      ...{ language: 'english', text: 'good morning', segments: [{ start: 0, end: 1 }] },
      duration: expect.closeTo(4, 1),
    });
    await eventually('the webhook hears of it', () => told().length === 2);
    expect(told()).toEqual(['call.transcription_started', 'call.transcription_ready']);
    expect(service.asked).toHaveLength(1);
    expect(service.asked[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(await readdir(join(recordingsDir, '.transcribing'))).toEqual([]);
  });

  test('is made of the kept sound where the recording is where it cannot be read', async () => {
    const location = 'https://bucket.example/signed/one.mp4';
    const transcription = { ...jobOf().transcription, storage: { kind: 'local', directory: 'texts' } };
    const job = jobOf({ transcription, storage: { kind: 'presigned', url: `${location}?signature=1` } });
    await recorded(startWorker(), { job, location });
    const { files } = await transcriptIs('ready');
    expect(files.map(({ file }) => basename(file))).toEqual([
      expect.stringMatching(/^default-standup-\d{8}T\d{6}Z-recording_1\.\w{8}-1\.vtt$/),
      expect.stringMatching(/\.json$/),
    ]);
    expect(files[0]?.file.startsWith(join(recordingsDir, 'texts'))).toBe(true);
  });

  test('is made of the stored file where no sound could be kept', async () => {
    await recorded(startWorker(), { isKept: false });
    await transcriptIs('ready');
  });

  test.skipIf(s3Missing)(
    'is made of what the bucket has where the machine with the sound is lost',
    async () => {
      const s3 = await startS3();
      try {
        await s3.createBucket('calls');
        const Key = 'of/acme/default-standup-1.mp4';
        await s3.client.send(new PutObjectCommand({ Bucket: 'calls', Key, Body: await readFile(moviePath) }));
        const { endpoint, accessKeyId: access_key_id, secretAccessKey: secret_access_key } = s3;
        const keys = { endpoint, access_key_id, secret_access_key, force_path_style: true };
        const storage = { kind: 's3', bucket: 'calls', prefix: 'of/acme', ...keys };
        await recorded(startWorker(), {
          job: jobOf({ storage }),
          isKept: false,
          location: `s3://calls/${Key}`,
        });
        const { files } = await transcriptIs('ready');
        expect(files.map(({ file }) => file)).toEqual([
          's3://calls/of/acme/default-standup-1.vtt',
          's3://calls/of/acme/default-standup-1.json',
        ]);
        expect(await readFile(s3.objectPath('calls', 'of/acme/default-standup-1.vtt'), 'utf8')).toContain(
          'hello',
        );
      } finally {
        await s3.stop();
      }
    },
  );

  test('is encrypted for the same people as the recording', async () => {
    const identity = await generateX25519Identity();
    const recipients = [await identityToRecipient(identity)];
    const location = join(recordingsDir, 'default-standup-1.mp4.age');
    service.answers(says('a secret'));
    await recorded(startWorker(), { job: jobOf({ encryption: { kind: 'age', recipients } }), location });
    const { files } = await transcriptIs('ready');
    const path = String(files[0]?.file);
    expect(path).toBe(join(recordingsDir, 'default-standup-1.vtt.age'));
    expect((await decryptWithAge(path, identity)).toString()).toContain('a secret');
    expect(await lookForSecrets({ said: 'a secret' }).inFolder(recordingsDir)).toEqual([]);
  });

  test('comes late where the service is down, and the recording was ready long before', async () => {
    service.answers((asked, response, number) =>
      (number === 0 ? fails(500, `key ${KEY}`) : says('late'))(asked, response, number),
    );
    await recorded(startWorker());
    expect((await record())?.status).toBe('completed');
    const waiting = await eventually('it is told to be late', async () => {
      const { transcript } = (await record()) ?? {};
      return transcript?.error ? transcript : null;
    });
    expect(waiting).toMatchObject({
      status: 'waiting',
      error: expect.stringMatching(/HTTP status 500: key \[redacted\]/),
    });
    await transcriptIs('ready');
    await eventually('the webhook hears of it', () => told().length === 3);
    expect(told()).toEqual([
      ...['call.transcription_started', 'call.transcription_delayed', 'call.transcription_ready'],
    ]);
  });

  test('fails where the service will never take the sound, and leaves nothing behind', async () => {
    service.answers(fails(400, 'the model "whisper-1" does not exist'));
    await recorded(startWorker());
    const failed = await transcriptIs('failed');
    expect(failed.error).toMatch(/HTTP status 400: the model "whisper-1" does not exist$/);
    expect((await record())?.status).toBe('completed');
    expect(service.asked).toHaveLength(1);
    const kept = () => readdir(join(recordingsDir, '.transcribing'));
    await eventually('nothing is kept', async () => (await kept()).length === 0); // it is told before
  });

  test('leaves no file behind of a try in which another one could not be stored', async () => {
    const taken = [1, 2, 3].map((number) => `default-standup-1${number === 1 ? '' : `-${number}`}.json`);
    for (const name of taken) await mkdir(join(recordingsDir, name));
    await recorded(startWorker());
    await eventually('it is told to be late', async () => (await record())?.transcript?.error);
    expect((await readdir(recordingsDir)).filter((name) => name.endsWith('.vtt'))).toEqual([]);
    for (const name of taken) await rmdir(join(recordingsDir, name));
    await transcriptIs('ready');
    const made = (await readdir(recordingsDir)).filter((name) => /vtt|json/.test(name));
    expect(made.toSorted()).toEqual(['default-standup-1.json', 'default-standup-1.vtt']);
  });

  test('is made by the next worker where one leaves while the service is busy', async () => {
    service.answers(() => {});
    const leaving = startWorker();
    await recorded(leaving);
    await eventually('the service is asked', () => service.asked.length === 1);
    await leaving.close();
    workers.splice(0);
    service.answers(says('hello'));
    startWorker();
    await transcriptIs('ready');
    expect(service.asked).toHaveLength(2);
  });

  test('is left to the machine that has its sound', { timeout: 90_000 }, async () => {
    const there = await mkdtemp(join(folder, 'there-'));
    const other = startWorker(there);
    await recorded(other, { dir: recordingsDir, location: 's3://calls/default-standup-1.mp4' });
    await eventually('the other worker has it once', async () => {
      const counts = await redis.zcard(`bull:${QUEUE}-transcripts:delayed`);
      return counts === 1;
    });
    expect(service.asked).toHaveLength(0);
    startWorker(recordingsDir);
    // Once a second either of them takes it, by chance, so that the right one may be the fifteenth.
    await eventually('the service is asked', () => service.asked.length > 0, { withinMs: 60_000 });
  });

  test('is not made of a recording that was deleted meanwhile', async () => {
    service.answers(fails(503));
    await recorded(startWorker());
    await eventually('the service is asked', () => service.asked.length === 1);
    await dropTranscript(redis, QUEUE, ID);
    service.answers(says('too late'));
    await eventually(
      'nothing is kept',
      async () => (await readdir(join(recordingsDir, '.transcribing'))).length === 0,
      {
        withinMs: 15_000,
      },
    );
    expect(service.asked).toHaveLength(1);
    expect((await readdir(recordingsDir)).filter((name) => /vtt|json/.test(name))).toEqual([]);
  });

  test('is removed again where the recording is deleted while it is stored', async () => {
    let looks = 0;
    const worker = startWorker(recordingsDir, {}, async () => {
      looks += 1;
      return looks === 3; // when it is taken, when the service has answered, when it is stored
    });
    await recorded(worker);
    await eventually('nothing waits', async () => looks === 3 && (await worker.queue.waiting()) === 0);
    expect(await readdir(join(recordingsDir, '.transcribing'))).toEqual([]);
    expect((await readdir(recordingsDir)).filter((name) => /vtt|json/.test(name))).toEqual([]);
    expect((await record())?.transcript?.status).toBe('waiting');
  });

  test('waits with no more of the job than it needs, and with a key nobody reads it in Redis', async () => {
    service.answers(fails(503));
    await recorded(startWorker(recordingsDir, { COMPOSITOR_SEAL_KEY: 'a key of the operator' }));
    await eventually('it waits', async () => (await redis.zcard(`bull:${QUEUE}-transcripts:delayed`)) === 1);
    const secrets = { key: KEY, token: 'a-token-that-only-the-recording-needs' };
    const found = await lookForSecrets(secrets).inRedis(redis);
    expect(found.filter((one) => !one.includes('deliveries'))).toEqual([]);
  });
});
