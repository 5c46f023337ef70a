import { expect, test } from 'vitest';
import type { RecordingWarning } from '../../../shared/events/recordingEvents.ts';
import { createCleanup } from '../../../worker/cleanup.ts';
import { createLog } from '../../../worker/log.ts';
import type { RecordingManifest } from '../../../worker/recording/manifest.ts';
import { resumeFiles } from '../../../worker/resumeFiles.ts';
import { OutOfReachError } from '../../../worker/storage/outOfReachError.ts';
import type { Storage } from '../../../worker/storage/storage.ts';
import { requestOf } from '../../support/requestOf.ts';

const request = requestOf('r', { call: { id: 'c' }, source: { kind: 'demo' } });
const file = { key: 'a.mp4', mediaType: 'video/mp4' };
const outputs = [{ name: request.outputs[0]?.name ?? '', file, failure: null, stored: null }];
const ended = { reason: 'stopped', error: null, endedAtUnixMs: 0, durationS: 1 } as const;
const given = { outputs, ended: null } as unknown as RecordingManifest;

/** Goes on with a file that this machine does not have. */
function resume(manifest: RecordingManifest, storage: Partial<Storage>) {
  const warnings: RecordingWarning[] = [];
  let hasGoneOn = false;
  const journal = {
    goOn: () => {
      hasGoneOn = true;
    },
    warn: (warning: RecordingWarning) => void warnings.push(warning),
  };
  const lost: Storage = {
    open: () => Promise.reject(new Error('not expected')),
    resume: () => Promise.reject(new OutOfReachError('a.mp4 is not here', true)),
    stored: async () => null,
    ...storage,
  };
  const takenOver = new AbortController();
  const of = { manifest: { given: manifest }, lost: takenOver.signal };
  const cleanup = createCleanup(createLog('silent'));
  const resumed = resumeFiles(request, { journal, openStorage: async () => lost, ...of }, cleanup);
  return { resumed, warnings, hasGoneOn: () => hasGoneOn, takenOver };
}

test('a recording whose files are out of reach begins anew, and a warning says so', async () => {
  const { resumed, warnings, hasGoneOn } = resume(given, {});
  expect(await resumed).toBeNull();
  expect(warnings).toEqual([
    { code: 'attempt_failed', message: 'a.mp4 is not here, so a new file begins', at_s: null },
  ]);
  expect(hasGoneOn()).toBe(false);
});

test('a recording that has ended waits for files that are out of reach, until another worker has it', async () => {
  const { resumed, warnings, takenOver } = resume({ ...given, ended }, {});
  const given50Ms = new Promise((resolve) => setTimeout(resolve, 50, 'waits'));
  expect(await Promise.race([resumed, given50Ms])).toBe('waits');
  takenOver.abort();
  await expect(resumed).rejects.toThrow('a.mp4 is not here');
  expect(warnings).toEqual([]);
});

test('a file that was stored before its worker could note that is found, whether the end was noted or not', async () => {
  const stored = { location: 's3://b/a.mp4', sizeBytes: 7 };
  for (const manifest of [given, { ...given, ended }]) {
    const { resumed, hasGoneOn } = resume(manifest, { stored: async () => stored });
    expect((await resumed)?.all.map((output) => output.stored())).toEqual([{ ...stored, content: null }]);
    expect(hasGoneOn()).toBe(true);
  }
});
