import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProfile } from '../../../../worker/browser/makeProfile.ts';

test('a work folder that is gone does not come back with the profile', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'make-profile-'));
  expect(await makeProfile(folder)).toBe(join(folder, 'profile'));
  await rm(folder, { recursive: true });
  await expect(makeProfile(folder)).rejects.toThrow('ENOENT');
  await expect(access(folder)).rejects.toThrow('ENOENT');
});
