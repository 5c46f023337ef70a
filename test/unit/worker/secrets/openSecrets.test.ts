import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLog } from '../../../../worker/log.ts';
import { openSecrets, type SecretsOf } from '../../../../worker/secrets/openSecrets.ts';

let root: string;
let secretsOf: SecretsOf;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-secrets-'));
  const secretsDir = join(root, 'secrets');
  await mkdir(join(secretsDir, 'acme'), { recursive: true });
  await mkdir(join(secretsDir, '..data'));
  await writeFile(join(root, 'passwd'), 'of the machine');
  await writeFile(join(secretsDir, 'hook'), 'of nobody\n');
  await writeFile(join(secretsDir, 'both'), 'in a file');
  await writeFile(join(secretsDir, 'large'), 'x'.repeat(70_000));
  await writeFile(join(secretsDir, 'acme', 'hook'), 'of acme');
  await writeFile(join(secretsDir, '..data', 'mounted'), 'behind a link');
  await symlink(join('..data', 'mounted'), join(secretsDir, 'mounted'));
  await symlink(join(root, 'passwd'), join(secretsDir, 'outside'));
  await symlink(join('..', 'hook'), join(secretsDir, 'acme', 'up'));
  const namedSecrets = {
    COMPOSITOR_SECRET_BOTH: 'in the environment',
    COMPOSITOR_SECRET_LIVEKIT_TOKEN: 'a token',
    COMPOSITOR_SECRET_EMPTY: '',
  };
  secretsOf = openSecrets({ secretsDir, namedSecrets }, createLog('silent'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('a job that names no tenant', () => {
  test.each([
    ['hook', 'of nobody'],
    ['mounted', 'behind a link'],
    ['both', 'in a file'],
    ['livekit-token', 'a token'],
    ['LIVEKIT_TOKEN', 'a token'],
  ])('gets the secret %s', async (name, secret) => {
    expect(await secretsOf(null)(name)).toBe(secret);
  });

  test.each([
    'acme',
    'nothing',
    'EMPTY',
    'PATH',
    'constructor',
    '__proto__',
  ])('is told that there is no secret %s', async (name) => {
    await expect(secretsOf(null)(name)).rejects.toThrow(`the worker has no secret named "${name}"`);
  });

  test.each(['outside', 'large'])('cannot read the file behind %s', async (name) => {
    await expect(secretsOf(null)(name)).rejects.toThrow(`the secret "${name}" cannot be read`);
  });
});

describe('a job of a tenant', () => {
  test('gets the secrets of this tenant, and no others', async () => {
    expect(await secretsOf('acme')('hook')).toBe('of acme');
    for (const name of ['both', 'livekit-token', 'mounted'])
      await expect(secretsOf('acme')(name)).rejects.toThrow(
        `no secret named "${name}" for the tenant "acme"`,
      );
    await expect(secretsOf('acme')('up')).rejects.toThrow('cannot be read');
    await expect(secretsOf('other')('hook')).rejects.toThrow('no secret named "hook" for the tenant "other"');
  });
});

test('an error of a secret names neither a path of the machine nor another secret', async () => {
  const errors = await Promise.all(
    ['outside', 'large', 'nothing'].map((name) => secretsOf(null)(name).catch(({ message }) => message)),
  );
  expect(errors.join()).not.toMatch(/[\\/]|of the machine|x{20}/);
});
