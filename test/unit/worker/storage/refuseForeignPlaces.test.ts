import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InvalidRequestError } from '../../../../shared/request/parseRecordingRequest.ts';
import { type AllowedPlaces, refuseForeignPlaces } from '../../../../worker/storage/refuseForeignPlaces.ts';
import { requestOf } from '../../../support/requestOf.ts';

let root: string;
let allowed: AllowedPlaces;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-places-'));
  const recordingsDir = join(root, 'recordings');
  for (const name of ['recordings/team', 'allowed', 'other', 'recordings-2'])
    await mkdir(join(root, name), { recursive: true });
  await writeFile(join(recordingsDir, 'file'), '');
  await symlink(join(root, 'other'), join(recordingsDir, 'out'));
  await symlink(join(root, 'gone'), join(recordingsDir, 'dangling'));
  await symlink(join(recordingsDir, 'team'), join(root, 'allowed', 'back'));
  await symlink(join(root, 'other'), join(root, 'allowed', 'out'));
  await symlink(recordingsDir, join(root, 'linked'));
  allowed = { recordingsDir, localDirs: [join(root, 'allowed')], s3Endpoints: [], s3Buckets: null };
});
afterEach(() => rm(root, { recursive: true, force: true }));

function check(storage: object, places: Partial<AllowedPlaces> = {}): Promise<void> {
  const job = { call: { id: 'a' }, source: { kind: 'demo' } };
  return refuseForeignPlaces(requestOf('r1', { ...job, storage }), { ...allowed, ...places });
}
const inFolder = (directory: string) => check({ kind: 'local', directory });

describe('a job may store in a folder', () => {
  test.each([
    'team',
    'team/new/deep',
    './team',
    'team/../other-team',
    '.',
    'new',
  ])('"%s" of its own', (directory) => expect(inFolder(directory)).resolves.toBeUndefined());
  test.each([
    'recordings/team',
    'allowed',
    'allowed/new',
    'allowed/back',
    'linked/team',
  ])('"%s" that the operator allows', (directory) =>
    expect(inFolder(join(root, directory))).resolves.toBeUndefined());
  test('if the folder of recordings is itself a link', () =>
    expect(
      check({ kind: 'local', directory: 'team' }, { recordingsDir: join(root, 'linked') }),
    ).resolves.toBeUndefined());
});

describe('a job may not store in a folder', () => {
  test.each([
    ...[
      '..',
      '../other',
      '../recordings-2',
      'team/../../other',
      '/',
      '/etc',
      '/proc/1/cwd',
      '/proc/self/fd/x',
    ],
    ...['/dev/shm', 'out', 'out/new', 'dangling', 'dangling/new', '../allowed/out', 'a\0b', '../allowed-2'],
  ])('"%s" outside', async (directory) => {
    await expect(inFolder(directory)).rejects.toThrow(InvalidRequestError);
    await expect(inFolder(directory)).rejects.toThrow(/^invalid job: storage: directory/);
  });
  test.each(['undelivered', '.uploading/backup', 'team/../undelivered'])('"%s" of the worker', (directory) =>
    expect(inFolder(directory)).rejects.toThrow('which the worker uses itself'));
});

describe("the worker's own credentials", () => {
  const S3 = { kind: 's3', bucket: 'calls', prefix: 'acme' };
  const KEYS = { access_key_id: 'a', secret_access_key: 'b' };

  test('go to AWS', () => expect(check(S3)).resolves.toBeUndefined());

  test.each([
    'http://127.0.0.1:9000',
    'https://s3.evil.example',
    'https://s3.example:444',
    'http://s3.example',
  ])('do not go to %s, which a job names', async (endpoint) => {
    const places = { s3Endpoints: ['https://s3.example'] };
    await expect(check({ ...S3, endpoint }, places)).rejects.toThrow(
      /^invalid job: storage: has an endpoint, but neither access_key_id/,
    );
    await expect(check({ ...S3, ...KEYS, endpoint }, places)).resolves.toBeUndefined();
  });

  test('go to an endpoint that the operator allows', () =>
    expect(
      check({ ...S3, endpoint: 'https://s3.example/path' }, { s3Endpoints: ['https://s3.example'] }),
    ).resolves.toBeUndefined());

  test.each([
    ['calls', 'acme', true],
    ['calls', '', true],
    ['tenants', 'acme', true],
    ['tenants', 'acme/2026', true],
    ['tenants', 'acme2', false],
    ['tenants', '', false],
    ['payroll', '', false],
    ['calls2', '', false],
  ])('write to the bucket %s with the prefix "%s": %s', async (bucket, prefix, isAllowed) => {
    const places = { s3Buckets: ['calls', 'tenants/acme'] };
    const checked = check({ kind: 's3', bucket, prefix }, places);
    if (isAllowed) await expect(checked).resolves.toBeUndefined();
    else await expect(checked).rejects.toThrow('none of COMPOSITOR_S3_BUCKETS');
    await expect(check({ kind: 's3', bucket, prefix, ...KEYS }, places)).resolves.toBeUndefined();
  });

  test('are not shown for a backup either', async () => {
    const job = { call: { id: 'a' }, source: { kind: 'demo' }, outputs: [{}, { name: 'second' }] };
    const backup_storage = { ...S3, endpoint: 'https://s3.evil.example' };
    await expect(refuseForeignPlaces(requestOf('r1', { ...job, backup_storage }), allowed)).rejects.toThrow(
      'invalid job: backup_storage: has an endpoint',
    );
  });
});
