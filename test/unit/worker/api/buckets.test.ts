import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { type Gcs, startGcs } from '../../../support/startGcs.ts';
import { redisMissing } from '../../../support/startRedis.ts';
import { type S3, s3Missing, startS3 } from '../../../support/startS3.ts';

const missing = redisMissing ?? s3Missing;
let world: ApiWorld;
let s3: S3;
let gcs: Gcs;

beforeAll(async () => {
  if (missing) return;
  s3 = await startS3();
  gcs = await startGcs();
  for (const bucket of ['ours', 'theirs']) await s3.createBucket(bucket);
  const storage = {
    ...{ kind: 's3', bucket: 'ours', endpoint: s3.endpoint, region: s3.region, force_path_style: true },
    ...{ access_key_id: s3.accessKeyId, secret_access_key: s3.secretAccessKey },
  };
  const { key, secret } = KEYS.acme;
  world = await startApi({ config: { tenants: { acme: { api_keys: { [key]: secret }, storage } } } });
});
afterAll(async () => {
  await world?.close();
  await s3?.stop();
  await gcs?.close();
});

const put = (Bucket: string, Key: string) =>
  s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'a recording', ContentType: 'video/mp4' }));
const isThere = (Bucket: string, Key: string) =>
  s3.client.send(new HeadObjectCommand({ Bucket, Key })).then(
    () => true,
    () => false,
  );
const external = (changes: Record<string, string> = {}) => ({
  ...{ name: 'theirs', bucket: 'theirs', storage_type: 's3', path: 'calls/' },
  aws_s3: {
    ...{ s3_region: s3.region, s3_api_key: s3.accessKeyId, s3_secret: s3.secretAccessKey },
    ...{ s3_custom_endpoint_url: s3.endpoint, ...changes },
  },
});

test.skipIf(missing)(
  'a link to a file in a bucket leads to the bucket, and keeps the range that is asked for',
  async () => {
    await put('ours', 'a.mp4');
    await world.keep('bucket', { filename: 'a.mp4', location: 's3://ours/a.mp4' });
    const { recordings } = (await world.call('GET', '/api/v2/video/call/default/bucket/recordings')).body;
    const link = new URL(recordings[0].url);
    const answer = await fetch(new URL(link.pathname + link.search, world.url), {
      headers: { range: 'bytes=2-4' },
    });
    expect([answer.redirected, answer.status, await answer.text()]).toEqual([true, 206, 'rec']);
  },
);

test.skipIf(missing)(
  'deleting a recording removes it from our bucket, and from an external storage as long as that is known',
  async () => {
    expect((await world.call('POST', '/api/v2/external_storage', external())).status).toBe(201);
    await put('ours', 'b.mp4');
    await put('theirs', 'calls/c.mp4');
    const ours = await world.keep('deleted', { filename: 'b.mp4', location: 's3://ours/b.mp4' });
    const given = { filename: 'c.mp4', location: 's3://theirs/calls/c.mp4', storage: 'theirs' };
    const theirs = await world.keep('deleted', given);
    await put('theirs', 'calls/d.mp4');
    const named = { filename: 'd.mp4', location: 's3://theirs/calls/d.mp4', storage: 'egress one' };
    const unknown = await world.keep('deleted', named);
    for (const { sessionId, filename } of [ours, theirs, unknown]) {
      const path = `/api/v2/video/call/default/deleted/${sessionId}/recordings/${filename}`;
      expect((await world.call('DELETE', path)).status).toBe(200);
    }
    expect([await isThere('ours', 'b.mp4'), await isThere('theirs', 'calls/c.mp4')]).toEqual([false, false]);
    expect(await isThere('theirs', 'calls/d.mp4')).toBe(true);
    expect(
      (await world.call('GET', '/api/v2/video/call/default/deleted/recordings')).body.recordings,
    ).toEqual([]);
  },
);

test.skipIf(missing)(
  'the check of an external storage writes a file there, or says why it cannot',
  async () => {
    await world.call('DELETE', '/api/v2/external_storage/theirs');
    await world.call('POST', '/api/v2/external_storage', external());
    const checked = await world.call('GET', '/api/v2/external_storage/theirs/check');
    expect(checked.body.file_url).toMatch(/^s3:\/\/theirs\/calls\/stream-[\da-f-]+\.md$/);
    expect(await isThere('theirs', checked.body.file_url.slice('s3://theirs/'.length))).toBe(true);
    const changed = await world.call(
      'PUT',
      '/api/v2/external_storage/theirs',
      external({ s3_secret: 'not the secret' }),
    );
    expect(changed.body).toMatchObject({ name: 'theirs', bucket: 'theirs', path: 'calls/', type: 's3' });
    const refused = await world.call('GET', '/api/v2/external_storage/theirs/check');
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 4, message: expect.stringContaining('cannot be written') },
    });
    expect((await world.call('DELETE', '/api/v2/external_storage/theirs')).status).toBe(200);
    expect((await world.call('GET', '/api/v2/external_storage/theirs/check')).status).toBe(404);
  },
);

test.skipIf(missing)(
  'an external storage of Google is checked, its files are linked to and removed, and missing rights are told',
  async () => {
    const at = '/api/v2/external_storage/google';
    const credentials = { gcs_credentials: gcs.target.credentials, gcs_custom_endpoint_url: gcs.endpoint };
    const storage = {
      name: 'google',
      bucket: 'recordings',
      storage_type: 'gcs',
      path: 'calls',
      ...credentials,
    };
    expect((await world.call('POST', '/api/v2/external_storage', storage)).status).toBe(201);
    const { file_url } = (await world.call('GET', `${at}/check`)).body;
    expect(file_url).toMatch(/^gs:\/\/recordings\/calls\/stream-[\da-f-]+\.md$/);
    const text = String(await gcs.read(file_url));
    const { sessionId, filename } = await world.keep('google', {
      ...{ filename: 'e.mp4', location: file_url, storage: 'google' },
    });
    const { recordings } = (await world.call('GET', '/api/v2/video/call/default/google/recordings')).body;
    const link = new URL(recordings[0].url);
    const headers = { range: 'bytes=2-4' };
    const answer = await fetch(new URL(link.pathname + link.search, world.url), { headers });
    expect([answer.redirected, answer.status, await answer.text()]).toEqual([true, 206, text.slice(2, 5)]);
    const file = `/api/v2/video/call/default/google/${sessionId}/recordings/${filename}`;
    const readOnly = { gcs_credentials: gcs.accounts.create('objectViewer') };
    expect((await world.call('PUT', at, readOnly)).body).toMatchObject({ type: 'gcs', path: 'calls' });
    const told = {
      status: 400,
      body: { message: expect.stringContaining('does not have storage.objects.') },
    };
    expect(await world.call('GET', `${at}/check`)).toMatchObject(told);
    expect(await world.call('DELETE', file)).toMatchObject(told);
    await world.call('PUT', at, credentials);
    expect((await world.call('DELETE', file)).status).toBe(200);
    expect((await gcs.contents()).complete).toEqual([]);
    expect((await world.call('DELETE', at)).status).toBe(200);
  },
);
