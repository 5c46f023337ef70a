import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EgressRefusal } from '../../../../../worker/egress/egressRefusal.ts';
import { guardedAgents } from '../../../../../worker/egress/guardedAgents.ts';
import { presignedStorage } from '../../../../../worker/storage/presigned/presignedStorage.ts';
import type { Storage } from '../../../../../worker/storage/storage.ts';
import { storageContract } from '../../../../contracts/storageContract.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { type S3Proxy, startS3Proxy } from '../../../../support/startS3Proxy.ts';

const MIB = 1024 * 1024;
const HOUR_S = 3600;
const FILE = { key: 'a.mp4', mediaType: 'video/mp4' };
const EXPIRED_YEARS_AGO = 'https://bucket.example/a.mp4?X-Amz-Date=20200101T000000Z&X-Amz-Expires=3600';

storageContract(
  'an address that was signed',
  async () => {
    const place = await startS3Place();
    /** The contract stores many files, of which each needs an address. */
    const storageFor = async (key: string) =>
      presignedStorage(
        { kind: 'presigned', url: await place.s3.presignPut('recordings', key, HOUR_S) },
        place.folders,
      );
    const storage: Storage = {
      open: async (file) => (await storageFor(file.key)).open(file),
      resume: async (file) => (await storageFor(file.key)).resume(file),
      stored: async () => null,
    };
    const bucket = `${place.s3.endpoint}/recordings/`;
    const expired = { kind: 'presigned', url: EXPIRED_YEARS_AGO } as const;
    return {
      ...place,
      storage,
      seesFiles: false,
      read: (location: string) => place.read(location.replace(bucket, 's3://recordings/')),
      recipe: {
        kind: 'presigned' as const,
        options: [{ kind: 'presigned', url: `${bucket}never` }, place.folders] as Parameters<
          typeof presignedStorage
        >,
      },
      unwritable: { storage: presignedStorage(expired, place.folders), name: 'https://bucket.example/a.mp4' },
    };
  },
  { missing: s3Missing },
);

if (s3Missing) console.warn(`SKIPPED: files to signed addresses (${s3Missing})`);

describe.skipIf(s3Missing)('a file to a signed address', () => {
  let place: S3Place;
  let proxy: S3Proxy;
  let url: string;

  beforeEach(async () => {
    place = await startS3Place();
    proxy = await startS3Proxy(place.s3.endpoint);
    url = await place.s3.presignPut('recordings', FILE.key, HOUR_S, proxy.endpoint);
  });
  afterEach(async () => {
    await proxy?.close();
    await place?.close();
  });

  async function written(to: string, limits: Parameters<typeof presignedStorage>[2] = {}) {
    const sink = await presignedStorage({ kind: 'presigned', url: to }, place.folders, limits).open(FILE);
    for (let at = 0; at < 20; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB);
    return sink;
  }
  const stored = () => place.read('s3://recordings/a.mp4');
  const isInNoErrorOf = (message: string) => expect(message).not.toMatch(/Signature=|Credential=|[?]X-Amz/);

  test('is sent by one PUT that says how long it is and what it is', async () => {
    const sink = await written(url);
    expect(proxy.passedOn()).toEqual([]);
    const ending = {
      replacesBytes: MIB,
      build: () => ({ front: Buffer.alloc(1000, 250), tail: Buffer.from('the end') }),
    };
    const { location, sizeBytes } = await sink.finish(ending);
    expect(location).toBe(`${proxy.endpoint}/recordings/a.mp4`);
    expect(proxy.passedOn().map((line) => line.replace(/[?].*/, ''))).toEqual(['PUT /recordings/a.mp4']);
    expect(proxy.headers()).toMatchObject([
      { 'content-type': 'video/mp4', 'content-length': String(sizeBytes) },
    ]);
    const bytes = await stored();
    expect(sizeBytes).toBe(19 * MIB + 1007);
    expect([bytes.length, bytes[0], bytes[1000], String(bytes.subarray(-7))]).toEqual([
      sizeBytes,
      250,
      2,
      'the end',
    ]);
  });

  test('waits while the store is down, and is sent when it is back', async () => {
    const sink = await written(url);
    proxy.answer(503);
    const finishing = sink.finish(null);
    await vi.waitFor(() => expect(sink.waitingSince()?.reason).toContain('answered 503'), {
      timeout: 20_000,
    });
    proxy.answer('well');
    expect((await finishing).sizeBytes).toBe(20 * MIB);
    expect(await stored()).toHaveLength(20 * MIB);
  });

  test('is kept here where the address has expired meanwhile, and the error says so', async () => {
    const short = await place.s3.presignPut('recordings', FILE.key, 3);
    const expiryMs = Date.now() + 3_000;
    const sink = await written(short);
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(expiryMs), { timeout: 10_000 });
    const error = await sink.finish(null).catch((failure) => failure);
    const keptPath = join(place.folders.rescue, FILE.key);
    expect(error).toMatchObject({ code: 'storage_failed', keptPath });
    expect(error.message).toMatch(
      /recordings\/a[.]mp4 cannot be written: the signed address has expired at /,
    );
    isInNoErrorOf(error.message);
    expect(await readFile(keptPath)).toHaveLength(20 * MIB);
    expect(await readdir(place.folders.spool)).toEqual([]);
  });

  // This server asks for the bytes, refuses them and cuts the connection, often before its answer is read.
  test('is kept here where the signature is wrong, and nobody waits for that to change', async () => {
    const direct = await place.s3.presignPut('recordings', FILE.key, HOUR_S);
    const wrong = direct.replace(/(X-Amz-Signature=)..../, '$1beef');
    const error = await (await written(wrong)).finish(null).catch((failure) => failure);
    expect(error.message).toMatch(/answered 403 [(]SignatureDoesNotMatch/);
    isInNoErrorOf(error.message);
    expect(await readFile(error.keptPath)).toHaveLength(20 * MIB);
  });

  test('is given up, and kept here, where the store stays down for too long', async () => {
    proxy.answer(503);
    const error = await (await written(url, { giveUpAfterMs: 1_000 }))
      .finish(null)
      .catch((failure) => failure);
    expect(error.message).toContain('answered 503');
    expect(await readFile(error.keptPath)).toHaveLength(20 * MIB);
  });

  test('goes nowhere that the rules of the worker do not allow', async () => {
    const asked: string[] = [];
    const agents = guardedAgents({
      resolve: async (host, port) => {
        asked.push(`${host}:${port}`);
        throw new EgressRefusal(host, port, '127.0.0.1');
      },
    });
    const error = await (await written(url, { giveUpAfterMs: 0, agents }))
      .finish(null)
      .catch((failure) => failure);
    expect(error.message).toContain('not a public address');
    expect(asked).toContain(new URL(proxy.endpoint).host);
    expect(proxy.passedOn()).toEqual([]);
  });
});

test.each<[string, (server: Server) => void]>([
  [
    'before it has asked for them',
    (server) => server.on('checkContinue', (_, response) => wellAnswered(response)),
  ],
  [
    'before it has them',
    (server) =>
      server.on('request', (request, response) =>
        request.once('data', () => {
          request.pause();
          wellAnswered(response);
        }),
      ),
  ],
])('a file whose bytes a server has not taken is kept here, though it answered well %s', async (_, serve) => {
  const server = createServer();
  serve(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const folder = await mkdtemp(join(tmpdir(), 'presigned-'));
  const folders = { spool: join(folder, 'spool'), rescue: join(folder, 'rescue') };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.mp4`;
  try {
    const limits = { giveUpAfterMs: 0, idleLimitMs: 1_000 };
    const sink = await presignedStorage({ kind: 'presigned', url }, folders, limits).open(FILE);
    for (let at = 0; at < 20; at++) await sink.write(Buffer.alloc(MIB, at + 1), at * MIB);
    const error = await sink.finish(null).catch((failure) => failure);
    expect(error).toMatchObject({ code: 'storage_failed', keptPath: join(folders.rescue, FILE.key) });
    expect(await readFile(error.keptPath)).toHaveLength(20 * MIB);
  } finally {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  }
});

/** As a proxy answers that wants somebody to sign in. */
function wellAnswered(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>');
}
