import { generateKeyPairSync } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { GcsStorageTarget } from '../../../../../shared/storages/storageTarget.ts';
import { EgressRefusal } from '../../../../../worker/egress/egressRefusal.ts';
import { guardedAgents } from '../../../../../worker/egress/guardedAgents.ts';
import { gcsStorage } from '../../../../../worker/storage/gcs/gcsStorage.ts';
import { presignObject, probeBucket, removeObject } from '../../../../../worker/storage/gcs/storedObject.ts';
import type { Sink } from '../../../../../worker/storage/storage.ts';
import { type Gcs, startGcs } from '../../../../support/startGcs.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const FILE = { key: "calls/a & b's (ä).mp4", mediaType: 'video/mp4' };
const LOCATION = `gs://recordings/${FILE.key}`;
const ENDING = {
  replacesBytes: MIB,
  build: (length: number | null) => ({
    front: Buffer.alloc(length ?? 1000, 250),
    tail: Buffer.from('the end'),
  }),
};
const RANGE = { headers: { range: 'bytes=0-1' } };

if (s3Missing) console.warn(`SKIPPED: uploads to Google Cloud Storage (${s3Missing})`);

/** Against a gateway that asks for what Google does, in front of a real S3 server: see startGcs.ts. */
describe.skipIf(s3Missing)('an upload to Google Cloud Storage', () => {
  let gcs: Gcs;
  let asked: () => readonly string[];

  beforeAll(async () => {
    gcs = await startGcs();
    asked = gcs.accounts.asked;
  });
  afterAll(() => gcs?.close());
  afterEach(async () => {
    gcs.accounts.letTokensLive(3600);
    await removeObject(gcs.target, LOCATION, null);
  });

  async function throughProxy() {
    const proxy = await startS3Proxy(gcs.endpoint);
    onTestFinished(() => proxy.close());
    const target = { ...gcs.target, endpoint: proxy.endpoint };
    const storage = gcsStorage(target, gcs.folders, { giveUpAfterMs: 60_000 });
    const parts = () => proxy.passedOn().filter((line) => /^PUT .*partNumber=/.test(line)).length;
    return { proxy, storage, parts };
  }
  async function write(sink: Sink, fromMib: number, toMib: number): Promise<void> {
    for (let at = fromMib; at < toMib; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB);
  }
  const stored = () => gcs.read(LOCATION);
  /** The folder `calls` is on the disk of this machine. */
  const uploads = async () => (await gcs.contents()).unfinished.filter((name) => name !== 'calls');
  const storageOf = (changes: Partial<GcsStorageTarget>) =>
    gcsStorage({ ...gcs.target, ...changes }, gcs.folders);
  /** The key of the account that may write, with something else in it. */
  const credentialsWith = (changes: object) =>
    JSON.stringify({ ...JSON.parse(gcs.target.credentials), ...changes });

  test('goes on while the file grows, its beginning is sent last, and one token is enough', async () => {
    const { storage, parts } = await throughProxy();
    const before = asked().length;
    const sink = await storage.open(FILE);
    await write(sink, 0, 50);
    await vi.waitFor(() => expect(parts()).toBe(2), { timeout: 20_000 });
    const { location, sizeBytes } = await sink.finish(ENDING);
    expect(location).toBe(LOCATION);
    const bytes = await stored();
    expect([bytes.length, bytes[0], bytes[1000]]).toEqual([sizeBytes, 250, 2]);
    expect(bytes[40 * MIB]).toBe(41);
    expect(String(bytes.subarray(-7))).toBe('the end');
    expect(asked().slice(before)).toHaveLength(1);
  });

  test('waits while Google is down, and loses nothing', async () => {
    const { proxy, storage } = await throughProxy();
    const sink = await storage.open(FILE);
    proxy.answer(503);
    await write(sink, 0, 40);
    await vi.waitFor(() => expect(sink.waitingSince()?.reason).toContain('answered 503'), {
      timeout: 20_000,
    });
    proxy.answer('well');
    await sink.finish(null);
    expect(await stored()).toHaveLength(40 * MIB);
  });

  test('waits where Google asks for a slower pace', async () => {
    const { proxy, storage } = await throughProxy();
    const sink = await storage.open(FILE);
    proxy.answer('429 SlowDown');
    await write(sink, 0, 40);
    await vi.waitFor(() => expect(sink.waitingSince()?.reason).toContain('answered 429 (SlowDown'), {
      timeout: 20_000,
    });
    proxy.answer('well');
    await sink.finish(null);
    expect(await stored()).toHaveLength(40 * MIB);
  });

  test('goes on with a new token where the old one is taken no more', async () => {
    const { storage, parts } = await throughProxy();
    const sink = await storage.open(FILE);
    await write(sink, 0, 40);
    await vi.waitFor(() => expect(parts()).toBe(1), { timeout: 20_000 });
    const before = { asked: asked().length, refused: gcs.unauthorizedCount() };
    gcs.accounts.expireTokens();
    await write(sink, 40, 60);
    const { sizeBytes } = await sink.finish(null);
    expect(sizeBytes).toBe(60 * MIB);
    expect((await stored())[59 * MIB]).toBe(60);
    expect(gcs.unauthorizedCount()).toBeGreaterThan(before.refused);
    expect(asked().length).toBe(before.asked + 1);
  });

  test('shows no token that is about to expire', async () => {
    gcs.accounts.letTokensLive(299);
    const before = { asked: asked().length, refused: gcs.unauthorizedCount() };
    const sink = await storageOf({}).open(FILE);
    await write(sink, 0, 1);
    await sink.finish(null);
    expect(asked().length).toBeGreaterThan(before.asked + 3);
    expect(gcs.unauthorizedCount()).toBe(before.refused);
  });

  test('asks for one token where several requests need it at once', async () => {
    const storage = storageOf({});
    const before = asked().length;
    const sinks = await Promise.all(['one', 'two', 'three'].map((key) => storage.open({ ...FILE, key })));
    expect(asked().length).toBe(before + 1);
    for (const sink of sinks) await sink.abort();
  });

  test('begins anew where Google has lost the upload', async () => {
    const { proxy, storage, parts } = await throughProxy();
    const sink = await storage.open(FILE);
    await write(sink, 0, 40);
    await vi.waitFor(() => expect(sink.unfinished().parts).toHaveLength(1), { timeout: 20_000 });
    expect(await uploads()).toEqual([FILE.key]);
    await gcs.dropUploads();
    expect(await uploads()).toEqual([]);
    // The server behind may end the connection while it is sent a part of an upload that it does not know.
    proxy.answer('404 NoSuchUpload', new RegExp(`uploadId=${sink.unfinished().uploadId}`));
    await sink.finish(null);
    const bytes = await stored();
    expect([bytes.length, bytes[0], bytes[20 * MIB], bytes[39 * MIB]]).toEqual([40 * MIB, 1, 21, 40]);
    expect([parts(), proxy.refusedCount()]).toEqual([4, 1]);
  });

  test('goes on with what is kept beside the object, where the machine is gone', async () => {
    const storage = storageOf({ durability: 'machine' });
    const sink = await storage.open(FILE);
    for (let at = 0; at < 40; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB, 100);
    const isKept = () => (sink.unfinished().kept as { lastPart?: number } | undefined)?.lastPart === 2;
    await vi.waitFor(() => expect(isKept()).toBe(true), { timeout: 30_000 });
    const names = async () => (await gcs.contents()).complete;
    await vi.waitFor(async () => expect((await names()).some((name) => name.includes('-tail'))).toBe(true), {
      timeout: 30_000,
    });
    const unfinished = JSON.parse(JSON.stringify(sink.unfinished()));
    await sink.close();
    await rm(gcs.folders.spool, { recursive: true });
    const again = await storageOf({ durability: 'machine' }).resume(unfinished);
    expect(again.sizeBytes()).toBeGreaterThanOrEqual(32 * MIB);
    const { sizeBytes } = await again.finish(null);
    const bytes = await stored();
    expect([bytes.length, bytes[0], bytes[17 * MIB]]).toEqual([sizeBytes, 1, 18]);
    await vi.waitFor(async () => expect(await names()).toEqual([FILE.key]), { timeout: 10_000 });
  });

  test('cannot be changed any more by a machine from which another one has taken it over', async () => {
    const sink = await storageOf({ durability: 'machine' }).open(FILE);
    for (let at = 0; at < 40; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB, 100);
    const isKept = () => (sink.unfinished().kept as { lastPart?: number } | undefined)?.lastPart === 2;
    await vi.waitFor(() => expect(isKept()).toBe(true), { timeout: 30_000 });
    const unfinished = JSON.parse(JSON.stringify(sink.unfinished()));
    const machine = join(gcs.folders.spool, '..', 'other machine');
    const folders = { spool: join(machine, 'spool'), rescue: join(machine, 'rescue') };
    const other = await gcsStorage({ ...gcs.target, durability: 'machine' }, folders).resume(unfinished);
    await expect(sink.finish(null)).rejects.toMatchObject({ code: 'storage_failed' });
    await rm(gcs.folders.rescue, { recursive: true }); // where the first machine keeps what it has
    const { sizeBytes } = await other.finish(null);
    const bytes = await stored();
    expect([bytes.length, bytes[0], bytes[31 * MIB]]).toEqual([sizeBytes, 1, 32]);
    expect(await uploads()).toEqual([]);
  });

  test('is refused where the address of tokens answers with something else, which is not quoted', async () => {
    const server = createServer((_, response) => response.end('{"access_token":"ya29.cut'));
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const token_uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    const failure = storageOf({ credentials: credentialsWith({ token_uri }) }).open(FILE);
    await expect(failure).rejects.toThrow(/answered 401 [(]NoToken: the address of tokens/);
    await expect(failure).rejects.not.toThrow('ya29');
  });

  test('is refused before anything is recorded where the key is another one, and no error tells it', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = String(privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const failure = storageOf({ credentials: credentialsWith({ private_key: pem }) }).open(FILE);
    await expect(failure).rejects.toThrow(
      /^gs:.*cannot be written: the credentials are not accepted; check them; the store answered 401 [(]invalid_grant: Invalid JWT Signature.[)]$/,
    );
    await expect(failure).rejects.not.toThrow(pem.split('\n')[1]);
  });

  test('is refused before anything is recorded where the account may not write, and the right is named', async () => {
    const credentials = gcs.accounts.create('objectViewer');
    const failure = storageOf({ credentials }).open(FILE);
    await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
    await expect(failure).rejects.toThrow(
      /access is denied.*answered 403 [(]AccessDenied: Access denied. objectviewer-.* does not have storage.multipartUploads.create access/,
    );
    expect(await uploads()).toEqual([]);
  });

  test('is refused before anything is recorded where there is no such bucket', async () => {
    const failure = storageOf({ bucket: 'no-such-bucket' }).open(FILE);
    await expect(failure).rejects.toThrow(/the bucket does not exist.*answered 404 [(]NoSuchBucket/);
  });

  test.each([
    ['is none', 'MIIEvQIBADANBgkqhkiG9w0BAQ'],
    [
      'is of another kind',
      String(
        generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
          type: 'pkcs8',
          format: 'pem',
        }),
      ),
    ],
  ])('is refused at once where the private key %s, and nothing of it is told', (_, given) => {
    const pem = given.startsWith('-') ? given : `-----BEGIN PRIVATE KEY-----\n${given}\n`;
    const open = () => storageOf({ credentials: credentialsWith({ private_key: pem }) });
    expect(open).toThrow(/^the private_key in credentials cannot be read as an RSA key/);
    expect(open).not.toThrow(pem.split('\n')[1]);
  });

  test('reaches neither the bucket nor the address of tokens where these are closed', async () => {
    const refused: string[] = [];
    const resolve = async (host: string, port: number) => {
      refused.push(`${host}:${port}`);
      throw new EgressRefusal(host, port, host);
    };
    const agents = guardedAgents({ resolve });
    const before = asked().length;
    const open = (changes: Partial<GcsStorageTarget>) =>
      gcsStorage({ ...gcs.target, ...changes }, gcs.folders, { agents, checkLimitMs: 2_000 }).open(FILE);
    await expect(open({})).rejects.toThrow(/leads to 127.0.0.1, which is not a public address/);
    const elsewhere = 'http://127.0.0.1:9/token';
    await expect(open({ credentials: credentialsWith({ token_uri: elsewhere }) })).rejects.toThrow();
    expect(new Set(refused)).toEqual(new Set([new URL(gcs.endpoint).host, '127.0.0.1:9']));
    expect(asked().length).toBe(before);
  });

  test('is linked to for a while, by an address that the key of the account signs', async () => {
    await probeBucket({ ...gcs.target, prefix: 'calls' }, "a & b's (ä).mp4", 'a recording', null);
    const link = await presignObject(gcs.target, LOCATION, 60);
    expect(link).not.toContain(JSON.parse(gcs.target.credentials).private_key_id);
    const answer = await fetch(link, RANGE);
    expect([answer.status, await answer.text()]).toEqual([206, 'a ']);
    const other = link.replace('%20b', '%20c');
    expect((await fetch(other, RANGE)).status).toBe(403);
    expect((await fetch(link.replace('Expires=60', 'Expires=600'), RANGE)).status).toBe(403);
    expect((await fetch(await presignObject(gcs.target, LOCATION, 0), RANGE)).status).toBe(403);
    expect((await fetch(link.split('?')[0] ?? '', RANGE)).status).toBe(401);
  });

  test('is removed, also if it is gone already', async () => {
    await probeBucket({ ...gcs.target, prefix: 'calls' }, 'gone.mp4', 'a recording', null);
    expect((await gcs.contents()).complete).toEqual(['calls/gone.mp4']);
    for (let times = 0; times < 2; times++)
      await removeObject(gcs.target, 'gs://recordings/calls/gone.mp4', null);
    expect((await gcs.contents()).complete).toEqual([]);
    await expect(removeObject(gcs.target, 'gs://others/gone.mp4', null)).rejects.toThrow(
      'is not in the bucket gs://recordings/',
    );
  });
});
