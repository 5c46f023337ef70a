import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AzureStorageTarget } from '../../../../../shared/storages/storageTarget.ts';
import { azureClient } from '../../../../../worker/storage/azure/azureClient.ts';
import { azureObject } from '../../../../../worker/storage/azure/azureObject.ts';
import { azureStorage } from '../../../../../worker/storage/azure/azureStorage.ts';
import { presignObject, removeObject } from '../../../../../worker/storage/azure/storedBlob.ts';
import { askStore } from '../../../../../worker/storage/objects/askStore.ts';
import { presignedStorage } from '../../../../../worker/storage/presigned/presignedStorage.ts';
import type { Sink } from '../../../../../worker/storage/storage.ts';
import { type Azurite, azuriteMissing, startAzurite } from '../../../../support/startAzurite.ts';
import { startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const FILE = { key: 'calls/a & b.mp4', mediaType: 'video/mp4' };
const APPLICATION = { tenantId: 'a-directory', clientId: 'a-client', clientSecret: 'a secret & a half' };
const ENDING = {
  replacesBytes: MIB,
  build: (length: number | null) => ({
    front: Buffer.alloc(length ?? 1000, 250),
    tail: Buffer.from('the end'),
  }),
};

if (azuriteMissing) console.warn(`SKIPPED: uploads to Azure (${azuriteMissing})`);

describe.skipIf(azuriteMissing)('an upload to Azure', () => {
  let azurite: Azurite;
  let root: string;
  let folders: { spool: string; rescue: string };

  beforeAll(async () => {
    azurite = await startAzurite();
    root = await mkdtemp(join(tmpdir(), 'call-compositor-spool-'));
    folders = { spool: join(root, '.uploading'), rescue: join(root, 'undelivered') };
  });
  afterAll(async () => {
    await azurite?.stop();
    await rm(root, { recursive: true, force: true });
  });
  afterEach(async () => {
    await removeObject(azurite.target, `${azurite.target.endpoint}/recordings/calls/a%20%26%20b.mp4`, null);
  });

  async function throughProxy() {
    const proxy = await startS3Proxy(new URL(String(azurite.target.endpoint)).origin);
    onTestFinished(() => proxy.close());
    const endpoint = String(azurite.target.endpoint).replace(/^http:\/\/[^/]*/, proxy.endpoint);
    const storage = azureStorage({ ...azurite.target, endpoint }, folders, { giveUpAfterMs: 60_000 });
    const blocks = () => proxy.passedOn().filter((line) => /^PUT .*comp=block&/.test(line)).length;
    return { proxy, storage, blocks };
  }
  async function write(sink: Sink, fromMib: number, toMib: number): Promise<void> {
    for (let at = fromMib; at < toMib; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB);
  }
  const stored = () => azurite.read(FILE.key);

  test('goes on while the file grows, and its beginning is sent last', async () => {
    const { storage, blocks } = await throughProxy();
    const sink = await storage.open(FILE);
    await write(sink, 0, 50);
    await vi.waitFor(() => expect(blocks()).toBe(2), { timeout: 20_000 });
    const { location, sizeBytes } = await sink.finish(ENDING);
    expect(location).toMatch(/\/testaccount\/recordings\/calls\/a%20%26%20b[.]mp4$/);
    const bytes = await stored();
    expect([bytes.length, bytes[0], bytes[1000]]).toEqual([sizeBytes, 250, 2]);
    expect(bytes[40 * MIB]).toBe(41);
    expect(String(bytes.subarray(-7))).toBe('the end');
    const link = await presignObject(azurite.target, location.replace(/^http:..[^/]*/, origin()), 60, null);
    const answer = await fetch(link, { headers: { range: 'bytes=0-1' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([206, 'video/mp4']);
  });

  const origin = () => new URL(String(azurite.target.endpoint)).origin;

  test('waits while Azure is down, and loses nothing', async () => {
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

  test('begins anew where Azure has lost the blocks', async () => {
    const { proxy, storage, blocks } = await throughProxy();
    const sink = await storage.open(FILE);
    await write(sink, 0, 40);
    await vi.waitFor(async () => expect(await azurite.names('all')).toEqual([FILE.key]), {
      timeout: 20_000,
    });
    const send = azureClient(azurite.target, 10_000, null);
    const blob = azureObject(send, FILE.key, FILE.mediaType);
    await blob.drop(String(sink.unfinished().uploadId), AbortSignal.timeout(10_000));
    expect(await azurite.names('all')).toEqual([]);
    await sink.finish(null);
    const bytes = await stored();
    expect([bytes.length, bytes[0], bytes[20 * MIB], bytes[39 * MIB]]).toEqual([40 * MIB, 1, 21, 40]);
    expect(blocks()).toBeGreaterThan(3);
    expect(proxy.refusedCount()).toBe(0);
  });

  test('goes on with what is kept beside the blob, where the machine is gone', async () => {
    const storage = azureStorage({ ...azurite.target, durability: 'machine' }, folders);
    const sink = await storage.open(FILE);
    for (let at = 0; at < 40; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB, 100);
    await vi.waitFor(
      async () => expect((await azurite.names('complete')).some((name) => name.includes('-tail'))).toBe(true),
      { timeout: 30_000 },
    );
    const isKept = () => (sink.unfinished().kept as { lastPart?: number } | undefined)?.lastPart === 2;
    await vi.waitFor(() => expect(isKept()).toBe(true), { timeout: 30_000 });
    const unfinished = JSON.parse(JSON.stringify(sink.unfinished()));
    await sink.close();
    await rm(folders.spool, { recursive: true });
    const again = await azureStorage({ ...azurite.target, durability: 'machine' }, folders).resume(
      unfinished,
    );
    expect(again.sizeBytes()).toBeGreaterThanOrEqual(32 * MIB);
    const { sizeBytes } = await again.finish(null);
    const bytes = await stored();
    expect([bytes.length, bytes[0], bytes[17 * MIB]]).toEqual([sizeBytes, 1, 18]);
    await vi.waitFor(async () => expect(await azurite.names('complete')).toEqual([FILE.key]), {
      timeout: 10_000,
    });
  });

  test('is refused before anything is recorded where the key is wrong, and the error does not tell it', async () => {
    const accountKey = Buffer.from('another key').toString('base64');
    const failure = azureStorage({ ...azurite.target, accountKey }, folders).open(FILE);
    await expect(failure).rejects.toThrow(/access is denied.*answered 403 [(]Auth/);
    await expect(failure).rejects.not.toThrow(accountKey);
  });

  test('by a signed address is one PUT of a block blob', async () => {
    const { writeLink } = await signedForWriting();
    const sink = await presignedStorage({ kind: 'presigned', url: writeLink }, folders).open(FILE);
    await write(sink, 0, 3);
    await sink.finish(null);
    expect(await stored()).toHaveLength(3 * MIB);
  });

  async function signedForWriting() {
    const location = `${azurite.target.endpoint}/recordings/calls/a%20%26%20b.mp4`;
    return { writeLink: await presignObject(azurite.target, location, 60, null, 'cw') };
  }
});

describe.skipIf(azuriteMissing)('an application of Azure', () => {
  let azurite: Azurite;
  let authority: Server;
  let asked: string[] = [];
  let target: AzureStorageTarget;
  let folders: { spool: string; rescue: string };

  beforeAll(async () => {
    azurite = await startAzurite({ withTokens: true });
    folders = { spool: join(azurite.folderPath, 'spool'), rescue: join(azurite.folderPath, 'rescue') };
    authority = createServer(async (request, response) => {
      const form = new URLSearchParams(await text(request));
      asked.push(`${request.method} ${request.url} ${form.get('grant_type')} ${form.get('scope')}`);
      const { clientId, clientSecret, tenantId } = APPLICATION;
      const isRight = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
      if (!isRight)
        return void response
          .writeHead(401, { 'content-type': 'application/json' })
          .end(
            '{"error":"invalid_client","error_description":"AADSTS7000215: wrong secret.\\r\\nTrace ID: 1"}',
          );
      const token = await new SignJWT({ oid: 'an-object', tid: tenantId })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuer(`https://sts.windows.net/${tenantId}/`)
        .setAudience('https://storage.azure.com')
        .setIssuedAt()
        .setNotBefore('-1m')
        .setExpirationTime('1h')
        .sign(Buffer.from('a key that Azurite does not ask for'));
      response.end(JSON.stringify({ access_token: token, expires_in: 3600, token_type: 'Bearer' }));
    });
    await new Promise<void>((resolve) => authority.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(authority.address() as AddressInfo).port}`;
    target = { ...azurite.target, ...APPLICATION, accountKey: null, authority: address };
  });
  afterEach(() => {
    asked = [];
  });
  afterAll(async () => {
    authority?.close();
    await azurite?.stop();
  });

  test('stores, links to and removes a file with one token', async () => {
    const { agents } = azurite;
    const sink = await azureStorage(target, folders, { agents }).open(FILE);
    for (let at = 0; at < 20; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB);
    const { location } = await sink.finish(null);
    expect(asked).toEqual([
      'POST /a-directory/oauth2/v2.0/token client_credentials https://storage.azure.com/.default',
    ]);
    expect(await azurite.read(FILE.key)).toHaveLength(20 * MIB);
    const link = new URL(await presignObject(target, location, 60, agents));
    expect(link.searchParams.get('skoid')).toBe('an-object');
    const get = {
      method: 'GET',
      headers: {},
      idleLimitMs: 10_000,
      agents,
      signal: AbortSignal.timeout(10_000),
    };
    expect((await askStore({ url: link, ...get })).bytes).toHaveLength(20 * MIB);
    link.searchParams.set('sp', 'rw');
    await expect(askStore({ url: link, ...get })).rejects.toMatchObject({ status: 403 });
    await removeObject(target, location, agents);
    expect(await azurite.names('all')).toEqual([]);
  });

  test('whose secret is wrong is refused before anything is recorded, and the secret is not told', async () => {
    const storage = azureStorage({ ...target, clientSecret: 'a wrong secret' }, folders, {
      agents: azurite.agents,
    });
    await expect(storage.open(FILE)).rejects.toThrow(
      /^https:.*cannot be written: the credentials are not accepted; check them; the store answered 401 [(]invalid_client: AADSTS7000215: wrong secret.[)]$/,
    );
  });
});
