import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { redisRecordStore } from '../../worker/records/redisRecordStore.ts';
import { familyOf } from '../bench/processTree.ts';
import { eventually } from '../support/eventually.ts';
import { lookForSecrets } from '../support/plantedSecrets.ts';
import type { FolderServer } from '../support/serveFolder.ts';
import { servePages } from '../support/servePages.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';
import { type Receiver, startReceiver } from '../support/startReceiver.ts';
import { type S3, s3Missing, startS3 } from '../support/startS3.ts';
import { fails, startTranscriber, type Transcriber } from '../support/startTranscriber.ts';

if (s3Missing) console.warn(`SKIPPED: the keys of a bucket among the secrets (${s3Missing})`);

/** Of two jobs: one names its secrets, the other one holds them. With signs that are written in many ways. */
const NAMED = {
  token: 'named "token" + /ä\\of=the&call',
  apiKey: 'named-api-key-0123456789',
  hook: `whsec_${Buffer.from('the named signing secret').toString('base64')}`,
  speech: 'named-key-of-the-speech-service',
};
const PLAIN = {
  token: 'plain "token" + /ö\\of=the&call',
  apiKey: 'plain-api-key-0123456789',
  hook: `whsec_${Buffer.from('the plain signing secret').toString('base64')}`,
  hookPath: 'plain-path-of-the-webhook',
  speech: 'plain-key-of-the-speech-service',
  azureKey: Buffer.from('the plain key of an account').toString('base64'),
};
/** Signed addresses, of which the query is secret: for the job that holds its secrets, and for the backup of the other one. */
let signed: { readonly plain: string; readonly named: string } | null;
/** The worker's own. */
const OWN = {
  LIVEKIT_API_SECRET: 'own-livekit-secret-0123456789',
  AWS_SECRET_ACCESS_KEY: 'own-aws-secret-0123456789',
  COMPOSITOR_SEAL_KEY: 'own-key-to-seal-0123456789',
};

/** Chromium writes down where its tabs have been after some 10 s. */
const LONG_S = 12;

let root: string;
let pages: FolderServer;
let receiver: Receiver;
let speech: Transcriber;
let s3: S3 | null;
let compositor: Compositor;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-secrets-'));
  const secretsDir = join(root, 'secrets');
  await mkdir(join(secretsDir, 'acme'), { recursive: true });
  s3 = s3Missing ? null : await startS3();
  await s3?.createBucket('recordings');
  signed = s3 && {
    plain: await s3.presignPut('recordings', 'plain.mp4', 3600),
    named: await s3.presignPut('recordings', 'named.mp4', 3600),
  };
  const files = { ...NAMED, s3Secret: s3?.secretAccessKey ?? '', signed: signed?.named ?? '' };
  for (const [name, secret] of Object.entries(files))
    await writeFile(join(secretsDir, 'acme', name), `${secret}\n`);
  pages = await servePages();
  receiver = await startReceiver();
  receiver.answers(503);
  // It quotes the key, as some services do.
  speech = await startTranscriber((asked, ...answer) =>
    fails(503, String(asked.headers.authorization))(asked, ...answer),
  );
  const env = { LIVEKIT_API_KEY: 'own-key', AWS_ACCESS_KEY_ID: 'own-aws-key', COMPOSITOR_LOG: 'debug' };
  compositor = await startCompositor({ ...OWN, ...env, COMPOSITOR_SECRETS_DIR: secretsDir });
});

afterAll(async () => {
  await compositor?.close();
  await pages?.close();
  await receiver?.goDown();
  await speech?.close();
  await s3?.stop();
  await rm(root, { recursive: true, force: true });
});

const named = (secret: string) => ({ secret });
const job = (id: string, more: object) => ({
  call: { id },
  recording: { quality: '360p', layout: { external_app_url: pages.url('leaky.html') } },
  limits: { max_duration_s: LONG_S + 2 },
  ...more,
});

const signatureIn = (url: string) => String(new URL(url).searchParams.get('X-Amz-Signature'));

function storageByName(): object | null {
  if (s3 === null) return null;
  const { endpoint, accessKeyId } = s3;
  const keys = { access_key_id: accessKeyId, secret_access_key: named('s3Secret') };
  return { kind: 's3', bucket: 'recordings', endpoint, force_path_style: true, ...keys };
}

describe('the secrets of a job that is recorded, and of one that fails, are nowhere but in the job that holds them', () => {
  let look: ReturnType<typeof lookForSecrets>;
  let good: RecordingRun;
  let bad: RecordingRun;

  beforeAll(() => {
    look = lookForSecrets({
      ...Object.fromEntries(Object.entries(NAMED).map(([name, secret]) => [`named ${name}`, secret])),
      ...Object.fromEntries(Object.entries(PLAIN).map(([name, secret]) => [`plain ${name}`, secret])),
      ...OWN,
      ...(s3 ? { 's3 secret': s3.secretAccessKey } : {}),
      ...(signed
        ? { 'plain signature': signatureIn(signed.plain), 'named signature': signatureIn(signed.named) }
        : {}),
    });
    good = compositor.start(
      job('good', {
        tenant: 'acme',
        source: { kind: 'app', api_key: named('apiKey'), token: named('token') },
        storage: storageByName(),
        ...(signed ? { backup_storage: { kind: 'presigned', url: named('signed') } } : {}),
        transcription: { url: speech.url, api_key: named('speech') },
        webhook: { url: receiver.url, secret: named('hook') },
      }),
    );
    bad = compositor.start(
      job('bad', {
        source: { kind: 'app', api_key: PLAIN.apiKey, token: PLAIN.token },
        ...(signed ? { storage: { kind: 'presigned', url: signed.plain } } : {}),
        // Nothing is sent there, since the storage takes the file.
        backup_storage: { kind: 'azure', account: 'acme', container: 'calls', account_key: PLAIN.azureKey },
        transcription: { url: speech.url, api_key: PLAIN.speech, storage: { kind: 'local' } },
        webhook: { url: `${receiver.url}/${PLAIN.hookPath}?token=${PLAIN.apiKey}`, secret: PLAIN.hook },
      }),
    );
  });

  async function lookAround(): Promise<void> {
    const folders = await compositor.workFolders();
    const browsers = familyOf(compositor.pid).filter((pid) => pid !== compositor.pid);
    expect(browsers.length).toBeGreaterThan(5);
    expect(await openToOthers(folders)).toEqual([]);
    const found = await Promise.all([
      look.inRedis(compositor.redis, [`bull:test-recordings:${bad.recordingId}`]),
      ...browsers.map(look.inProcess),
      ...[...folders, compositor.recordingsDir].map(look.inFolder),
    ]);
    expect(found.flat()).toEqual([]);
  }

  test('while they are recorded', async () => {
    await Promise.all([good.seen('call.recording_progress'), bad.seen('call.recording_started')]);
    await lookAround();
    const isLong = (event: RecordingEvent) => 'elapsed_s' in event && event.elapsed_s >= LONG_S;
    await eventually('the recording is long', () => good.events.some(isLong), { withinMs: 40_000 });
    await lookAround();
  });

  test('when they have ended', async () => {
    const results = await Promise.all([good.result, bad.result]);
    expect(results.map(({ status }) => status)).toEqual(['completed', 'failed']);
    expect(results[1]?.error?.message).toContain('[redacted] has expired');
    if (s3) expect(results[1]?.file).toBe(`${s3.endpoint}/recordings/plain.mp4`);
    await compositor.idle();
    await eventually('both transcripts are tried', () => speech.asked.length >= 2);
    const late = await eventually('it is noted that one is late', async () => {
      const record = await redisRecordStore(compositor.redis, 'test-recordings').get(good.recordingId);
      return record?.result?.transcript?.error;
    });
    expect(late).toContain('HTTP status 503: Bearer [redacted]');
    expect(look.inText(JSON.stringify([results, good.events, bad.events]), 'events')).toEqual([]);
    expect(compositor.log()).toContain('[redacted]');
    expect(look.inText(compositor.log(), 'log')).toEqual([]);
    expect(await look.inRedis(compositor.redis)).toEqual([]);
    expect(await look.inFolder(compositor.recordingsDir)).toEqual([]);
    const names = await readdir(compositor.recordingsDir, { recursive: true });
    expect(await openToOthers(names.map((name) => join(compositor.recordingsDir, name)))).toEqual([]);
  });

  test('when the webhook comes back, which gets what waited, signed with the secret of its job', async () => {
    receiver.answers(200);
    // They were tried so often by now that the next try is far away.
    const due = 'call-compositor:test-recordings:deliveries:due';
    const lanes = await compositor.redis.zrange(due, 0, -1);
    expect(lanes.length).toBe(2);
    await compositor.redis.zadd(due, ...lanes.flatMap((lane) => [0, lane]));
    const arrived = () => receiver.received.filter(({ type }) => /ready|failed/.test(type));
    await eventually('both final events arrive', () => arrived().length >= 2, { withinMs: 40_000 });
    for (const { recordingId, body, headers } of arrived()) {
      const secret = recordingId === good.recordingId ? NAMED.hook : PLAIN.hook;
      new Webhook(secret).verify(body, headers as Record<string, string>);
      expect(look.inText(body, 'webhook')).toEqual([]);
    }
  });
});

test('a job that names a secret of another tenant fails, and nothing is recorded', async () => {
  const source = { kind: 'app', token: named('token') };
  const run = compositor.start(job('other', { tenant: 'other', source }));
  expect((await run.result).error).toMatchObject({
    code: 'invalid_request',
    message: 'invalid job: source.token: the worker has no secret named "token" for the tenant "other"',
  });
  expect(await readFile(join(root, 'secrets', 'acme', 'token'), 'utf8')).toContain('named');
});

/** Those of the paths that another user of the machine may read or write. */
async function openToOthers(paths: readonly string[]): Promise<string[]> {
  const modes = await Promise.all(paths.map(async (path) => (await stat(path)).mode));
  return paths.filter((_, at) => (modes[at] ?? 0) & 0o077);
}
