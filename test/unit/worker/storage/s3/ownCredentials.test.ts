import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { s3Storage } from '../../../../../worker/storage/s3/s3Storage.ts';
import type { Sink } from '../../../../../worker/storage/storage.ts';
import { OTHER_KEYS, s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { type Answer, type S3Proxy, startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const FILE = { key: 'a.mp4', mediaType: 'video/mp4' };
/** Everything of these that a machine may have set, besides the file. */
const SET_ELSEWHERE = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'];

vi.setConfig({ testTimeout: 60_000 });
const seen = (check: () => unknown) => vi.waitFor(check, { timeout: 30_000 });

if (s3Missing) console.warn(`SKIPPED: credentials of the worker (${s3Missing})`);

describe.skipIf(s3Missing)("the worker's own credentials, in a file", () => {
  let place: S3Place;
  let proxy: S3Proxy;
  let path: string;

  beforeEach(async () => {
    place = await startS3Place();
    proxy = await startS3Proxy(place.s3.endpoint);
    path = join(place.s3.folderPath, 'credentials');
    for (const name of SET_ELSEWHERE) vi.stubEnv(name, undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', path);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    await proxy?.close();
    await place?.close();
  });

  const open = () => {
    const target = { ...place.target, endpoint: proxy.endpoint, accessKeyId: null, secretAccessKey: null };
    return s3Storage(target, place.folders, { giveUpAfterMs: 30_000 }).open(FILE);
  };

  const give = ({ accessKeyId, secretAccessKey }: typeof OTHER_KEYS) =>
    writeFile(
      path,
      `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );

  const expire = (refusal: Answer, { accessKeyId }: typeof OTHER_KEYS) =>
    proxy.answer(refusal, ({ headers }) => String(headers.authorization).includes(`=${accessKeyId}/`));

  async function append(sink: Sink, mebibytes: number): Promise<void> {
    for (let n = 0; n < mebibytes; n++) await sink.write(Buffer.alloc(MIB, 1), sink.sizeBytes(), 100);
  }

  // AWS answers with 400, others with 403.
  test.each([
    '400 ExpiredToken',
    '403 ExpiredToken',
    '403 InvalidAccessKeyId',
  ] as const)('are looked up again when they are refused (%s) in mid-recording, and at the end', async (refusal) => {
    await give(place.s3);
    const sink = await open();
    await append(sink, 20);
    expire(refusal, place.s3);
    await append(sink, 16);
    await seen(() => expect(sink.waitingSince()?.reason).toContain(refusal.slice(4)));
    await give(OTHER_KEYS);
    await seen(() => expect(sink.unfinished().parts).toHaveLength(1));
    await seen(() => expect(sink.unfinished().kept).toMatchObject({ lastPart: 2 }));
    await seen(() => expect(sink.waitingSince()).toBeNull());
    expire(refusal, OTHER_KEYS);
    const refusedBefore = proxy.refusedCount();
    const finishing = sink.finish(null);
    await seen(() => expect(proxy.refusedCount()).toBeGreaterThan(refusedBefore + 1));
    await give(place.s3);
    const { location, sizeBytes } = await finishing;
    expect(sizeBytes).toBe(36 * MIB);
    expect(await place.read(location)).toHaveLength(36 * MIB);
    expect(await place.contents()).toEqual({ complete: [FILE.key], unfinished: [] });
  });

  test('are read anew for each recording', async () => {
    await give(place.s3);
    await (await open()).abort();
    await give(OTHER_KEYS);
    expire('403 ExpiredToken', place.s3);
    await (await open()).abort();
    expect(proxy.refusedCount()).toBe(0);
  });
});
