import { readdir, stat, writeFile } from 'node:fs/promises';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { decryptWithAge } from '../support/decryptWithAge.ts';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { type S3, s3Missing, startS3 } from '../support/startS3.ts';
import { startS3Proxy } from '../support/startS3Proxy.ts';

if (s3Missing) console.warn(`SKIPPED: recordings to S3 (${s3Missing})`);

describe.skipIf(s3Missing)('a recording stored in a bucket', () => {
  let s3: S3;
  let compositor: Compositor;

  beforeAll(async () => {
    s3 = await startS3();
    await s3.createBucket('recordings');
    compositor = await startCompositor();
  });

  afterAll(async () => {
    await compositor?.close();
    await s3?.stop();
  });

  const job = (storage: object) => ({
    call: { id: 'a' },
    source: { kind: 'demo', participants: 2 },
    recording: { quality: '360p' },
    limits: { max_duration_s: 3 },
    storage: {
      kind: 's3',
      bucket: 'recordings',
      endpoint: s3.endpoint,
      region: s3.region,
      access_key_id: s3.accessKeyId,
      secret_access_key: s3.secretAccessKey,
      force_path_style: true,
      ...storage,
    },
  });

  test('is complete and playable, and is kept nowhere else', async () => {
    const result = await compositor.record(job({ prefix: 'calls/2026' }));
    expect(result).toMatchObject({ status: 'completed', error: null });
    expect(result.file).toMatch(/^s3:\/\/recordings\/calls\/2026\/default-a-/);
    const key = String(result.file).replace('s3://recordings/', '');
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: 'recordings', Key: key }));
    expect(head.ContentLength).toBe(result.size_bytes);
    await expectWhole(s3.objectPath('recordings', key), result);
    expect(await readdir(`${compositor.recordingsDir}/.uploading`)).toEqual([]);
  });

  test('that is encrypted is playable for whoever has the key, and is kept nowhere else', async () => {
    const identity = await generateX25519Identity();
    const recipients = [await identityToRecipient(identity)];
    const result = await compositor.record({ ...job({}), encryption: { kind: 'age', recipients } });
    expect(result).toMatchObject({ status: 'completed', error: null });
    expect(result.file).toMatch(/\.mp4\.age$/);
    const path = s3.objectPath('recordings', String(result.file).replace('s3://recordings/', ''));
    expect((await stat(path)).size).toBe(result.size_bytes);
    const plainPath = `${compositor.recordingsDir}/opened.mp4`;
    await writeFile(plainPath, await decryptWithAge(path, identity));
    await expectWhole(plainPath, result);
    for (const folder of ['.encrypting', '.uploading'])
      expect(await readdir(`${compositor.recordingsDir}/${folder}`)).toEqual([]);
  });

  test('that is for a signed address is sent there whole, and the result does not tell the signature', async () => {
    const url = await s3.presignPut('recordings', 'signed/a.mp4', 3600);
    const run = compositor.start({ ...job({}), storage: { kind: 'presigned', url } });
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null });
    expect(result.file).toBe(`${s3.endpoint}/recordings/signed/a.mp4`);
    const head = await s3.client.send(new HeadObjectCommand({ Bucket: 'recordings', Key: 'signed/a.mp4' }));
    expect(head).toMatchObject({ ContentLength: result.size_bytes, ContentType: 'video/mp4' });
    await expectWhole(s3.objectPath('recordings', 'signed/a.mp4'), result);
    expect(await readdir(`${compositor.recordingsDir}/.uploading`)).toEqual([]);
  });

  test('whose bucket is missing fails before a browser starts', async () => {
    const run = compositor.start(job({ bucket: 'no-such-bucket' }));
    const result = await run.result;
    expect(result).toMatchObject({ status: 'failed', end_reason: 'storage_failed' });
    expect(result.error?.message).toContain('s3://no-such-bucket/');
    expect(run.events.some((event) => event.type === 'call.recording_phase')).toBe(false);
  });

  test('whose bucket is down when the call ends is delivered when it is back', async () => {
    const proxy = await startS3Proxy(s3.endpoint);
    const run = compositor.start(job({ endpoint: proxy.endpoint }));
    await run.seen('call.recording_progress');
    proxy.answer(503);
    await eventually('the file is refused', () => proxy.refusedCount() > 1, { withinMs: 30_000 });
    proxy.answer('well');
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null });
    const path = s3.objectPath('recordings', String(result.file).replace('s3://recordings/', ''));
    await expectWhole(path, result);
    await proxy.close();
  });

  test('whose bucket is missing goes to the backup, and the result says so', async () => {
    const result = await compositor.record({
      ...job({ bucket: 'no-such-bucket' }),
      backup_storage: { kind: 'local', directory: 'backup' },
    });
    expect(result).toMatchObject({ status: 'completed', error: null });
    expect(String(result.file)).toContain(`${compositor.recordingsDir}/backup/`);
    await expectWhole(String(result.file), result);
  });
});

/** Three seconds, of which no picture is missing but those that a busy machine did not make in time. */
async function expectWhole(path: string, result: RecordingResult): Promise<void> {
  expect((await (await inspectRecording(path)).decodeAll()).videoFrameCount).toBe(result.frames);
  expect(result.frames + result.dropped_frames).toBe(90);
}
