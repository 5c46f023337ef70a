import { createHash } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseRecordingRequest } from '../../../../../shared/request/parseRecordingRequest.ts';
import { secretsOf } from '../../../../../shared/request/secretsOf.ts';
import type { S3StorageTarget } from '../../../../../shared/storages/storageTarget.ts';
import { encryptObjects } from '../../../../../worker/storage/s3/encryptObjects.ts';
import { s3SideObjects } from '../../../../../worker/storage/s3/s3SideObjects.ts';
import { s3Storage } from '../../../../../worker/storage/s3/s3Storage.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { startS3Proxy } from '../../../../support/startS3Proxy.ts';

if (s3Missing) console.warn(`SKIPPED: encrypted objects (${s3Missing})`);

const MIB = 1024 * 1024;
const BYTES = Buffer.alloc(32, 7);
const KEY = BYTES.toString('base64');
const SSE = /^x-amz-server-side-encryption/;

describe.skipIf(s3Missing)('a bucket', () => {
  let place: S3Place;
  beforeAll(async () => {
    place = await startS3Place();
  });
  afterAll(() => place?.close());

  /** Stores an object of two parts, and looks at it; what each kind of request said of encryption. */
  async function saidWith(encryption: S3StorageTarget['encryption'], key: string) {
    const proxy = await startS3Proxy(place.s3.endpoint);
    const target = { ...place.target, endpoint: proxy.endpoint, encryption };
    const storage = s3Storage(target, place.folders);
    const file = { key, mediaType: 'video/mp4' };
    const sink = await storage.open(file);
    for (let at = 0; at < 20; at++) await sink.write(Buffer.alloc(MIB, at), at * MIB);
    const unfinished = sink.unfinished();
    const stored = await sink.finish(null);
    expect(await storage.stored(unfinished)).toEqual(stored);
    await keepBeside(proxy.endpoint, encryption, key);
    const said = new Map<string, Set<string>>();
    proxy.passedOn().forEach((line, at) => {
      const headers = Object.entries(proxy.headers()[at] ?? {}).filter(([name]) => SSE.test(name));
      const kind = kindOf(line, key);
      said.set(kind, (said.get(kind) ?? new Set()).add(JSON.stringify(Object.fromEntries(headers))));
    });
    await proxy.close();
    return said;
  }

  /** What is kept beside an object until it is complete is a part of the recording, too. */
  async function keepBeside(endpoint: string, encryption: S3StorageTarget['encryption'], key: string) {
    const { region, accessKeyId, secretAccessKey } = place.s3;
    const credentials = { accessKeyId, secretAccessKey };
    const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
    encryptObjects(client, encryption);
    const beside = s3SideObjects(client, place.target.bucket, `.unfinished/${key}/`);
    const signal = AbortSignal.timeout(10_000);
    await beside.put('tail', BYTES, signal);
    expect(await beside.get('tail', signal)).toEqual(BYTES);
    client.destroy();
  }

  test('that encrypts with a key of KMS is told so where an object is made', async () => {
    const said = await saidWith({ kind: 'kms', keyId: 'alias/recordings' }, 'kms.mp4');
    const kms = JSON.stringify({
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': 'alias/recordings',
    });
    for (const kind of ['begin', 'keep']) expect([...(said.get(kind) ?? [])]).toEqual([kms]);
    for (const kind of ['part', 'complete', 'look', 'kept'])
      expect([...(said.get(kind) ?? [])]).toEqual(['{}']);
  });

  test('that encrypts with a key of the customer gets it with every request that needs it', async () => {
    const said = await saidWith({ kind: 'customer_key', key: KEY }, 'customer.mp4');
    const own = {
      'x-amz-server-side-encryption-customer-algorithm': 'AES256',
      'x-amz-server-side-encryption-customer-key': KEY,
      'x-amz-server-side-encryption-customer-key-md5': createHash('md5').update(BYTES).digest('base64'),
    };
    for (const kind of ['begin', 'part', 'complete', 'look', 'keep', 'kept']) {
      expect(said.get(kind)?.size, kind).toBe(1);
      expect(JSON.parse([...(said.get(kind) ?? [])][0] ?? '{}'), kind).toEqual(own);
    }
  });

  test('gets nothing if the key is none', () => {
    const encryption = { kind: 'customer_key' as const, key: 'c2hvcnQ=' };
    expect(() => s3Storage({ ...place.target, encryption }, place.folders)).toThrow(
      'the key in encryption has 5 bytes; it must be 32 bytes in base64',
    );
  });
});

function kindOf(line: string, key: string): string {
  if (/^PUT \S*\.unfinished\/\S*\/tail/.test(line)) return 'keep';
  if (/^GET \S*\.unfinished\/\S*\/tail/.test(line)) return 'kept';
  if (!line.includes(`/${key}?`) && !line.endsWith(`/${key}`)) return 'other';
  if (/^POST .*uploads/.test(line)) return 'begin';
  if (/^PUT .*partNumber/.test(line)) return 'part';
  if (/^POST .*uploadId/.test(line)) return 'complete';
  return /^HEAD/.test(line) ? 'look' : 'other';
}

describe('a job', () => {
  const job = (more: object) => ({
    call: { id: 'a' },
    source: { kind: 'demo' },
    storage: { kind: 's3', bucket: 'b', ...more },
  });
  const encryption = { kind: 'customer_key', key: KEY };

  test('names how its objects are encrypted, and a key is a secret', () => {
    const request = parseRecordingRequest('r1', job({ encryption }));
    expect(request.outputs[0]?.storage).toMatchObject({ encryption });
    expect(secretsOf(request)).toContain(KEY);
    const kms = parseRecordingRequest('r1', job({ encryption: { kind: 'kms' } }));
    expect(kms.outputs[0]?.storage).toMatchObject({ encryption: { kind: 'kms', keyId: null } });
  });

  test('cannot send a key over a line that others hear', () => {
    const parse = (endpoint: string) => parseRecordingRequest('r1', job({ encryption, endpoint }));
    expect(() => parse('http://s3.example')).toThrow(
      'storage.encryption: a customer_key needs an https endpoint',
    );
    expect(() => parse('http://127.0.0.1.evil.example')).toThrow('needs an https endpoint');
    for (const endpoint of ['https://s3.example', 'http://127.0.0.1:9000'])
      expect(parse(endpoint).id).toBe('r1');
  });
});
