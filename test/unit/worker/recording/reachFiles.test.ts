import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reachFiles } from '../../../../worker/recording/reachFiles.ts';

type Files = Parameters<typeof reachFiles>[0]['outputs'];

test('files are reached here, or else in their bucket if it keeps enough of one, or else not at all', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reach-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const partPath = join(folder, 'a.mp4.part');
  await writeFile(partPath, 'media');
  const here = outputOf({ partPath });
  const kept = outputOf({ partPath: '/elsewhere/a.mp4.part', kept: { isAny: true, holdsEnd: true } });
  const parts = outputOf({ partPath: '/elsewhere/a.mp4.part', kept: { isAny: true, holdsEnd: false } });
  const lost = outputOf({ partPath: '/elsewhere/a.mp4.part', kept: { isAny: false } });
  const stored = { ...lost, stored: { location: 's3://b/a.mp4', sizeBytes: 1, content: null } };
  const reached = [[kept, here], [kept, stored], [lost, kept], [kept, parts], [lost], []];
  expect(await Promise.all(reached.map((outputs) => reachFiles({ outputs })))).toEqual([
    'here',
    'here',
    'bucket',
    'parts',
    null,
    null,
  ]);
});

function outputOf(file: object): Files[number] {
  return {
    name: 'mp4',
    file: { key: 'a.mp4', mediaType: 'video/mp4', kind: 's3', ...file },
    failure: null,
    stored: null,
  };
}
