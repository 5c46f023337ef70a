import { expect, test, vi } from 'vitest';
import { freeBytesOf, spaceGuard } from '../../../../worker/storage/spaceGuard.ts';

const MIB = 1024 * 1024;

function guardOn(freeMib: number[]) {
  return spaceGuard('/folder', '/folder/a.mp4', async () => (freeMib.shift() ?? 0) * MIB);
}

test('a file is not begun where too little is free, and the error says how much', async () => {
  await guardOn([200]).beforeBegin();
  const failure = guardOn([199]).beforeBegin();
  await expect(failure).rejects.toMatchObject({ code: 'storage_failed' });
  await expect(failure).rejects.toThrow(
    '/folder/a.mp4 is not begun: 199 MiB are free on its disk, and 200 MiB',
  );
});

test('a file is not written any further shortly before its disk is full', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const guard = guardOn([201, 199]);
  await guard.beforeWrite(MIB);
  vi.advanceTimersByTime(3_000);
  await guard.beforeWrite(MIB);
  await guard.beforeWrite(1000); // it has looked just now
  vi.advanceTimersByTime(3_000);
  await expect(guard.beforeWrite(MIB)).rejects.toThrow('is not written any further: 199 MiB are free');
  vi.useRealTimers();
});

test('a file that grows fast keeps what it needs for half a minute free', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const guard = guardOn([500]);
  vi.advanceTimersByTime(3_000);
  await expect(guard.beforeWrite(60 * MIB)).rejects.toThrow('500 MiB are free on its disk, and 600 MiB');
  vi.useRealTimers();
});

test('a file that takes most of what is free is noticed at once', async () => {
  const guard = guardOn([210, 206, 199]);
  await guard.beforeBegin();
  await guard.beforeWrite(4 * MIB);
  await guard.beforeWrite(2 * MIB); // leaves half of it
  await guard.beforeWrite(2 * MIB);
  await expect(guard.beforeWrite(3 * MIB)).rejects.toThrow('is not written any further: 199 MiB are free');
});

test('the system knows how much is free', async () => {
  expect(await freeBytesOf('/')).toBeGreaterThan(0);
});
