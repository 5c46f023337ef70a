import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createCleanup } from '../../../../worker/cleanup.ts';
import { createLog } from '../../../../worker/log.ts';
import { finishOutputs } from '../../../../worker/outputs/finishOutputs.ts';
import { openOutputs } from '../../../../worker/outputs/openOutputs.ts';
import { folderStorage } from '../../../../worker/storage/folderStorage.ts';
import { type FreeBytes, freeBytesOf } from '../../../../worker/storage/spaceGuard.ts';
import { runTool } from '../../../support/inspect/runTool.ts';
import { type Clip, makeClip, makeSegment } from '../../../support/makeSegment.ts';
import { ONE_MP4 } from '../../../support/oneMp4.ts';
import { mountSmallDisk } from '../../../support/smallDisk.ts';

const DISK_MIB = 12;
const MIB = 1024 * 1024;
const disk = mountSmallDisk(DISK_MIB);
if (!disk) console.warn('SKIPPED: a disk that is full (this user may not mount one)');

describe.skipIf(!disk)('a recording on a disk that becomes full', () => {
  let clip: Clip;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'test-full-'));
    clip = await makeClip(join(folder, 'clip.mp4'), 'mp4');
  });
  afterAll(async () => {
    disk?.unmount();
    await rm(folder, { recursive: true, force: true });
  });

  const notNoticed: FreeBytes = async () => 1024 * MIB;
  const noticed: FreeBytes = async (where) => (await freeBytesOf(where)) + 194 * MIB;
  test.each([
    ['which nobody has noticed', notNoticed, 'ENOSPC'],
    ['which is noticed before', noticed, 'MiB are free on its disk'],
  ])(
    'ends with a file that can be played, and an error, %s',
    { timeout: 60_000 },
    async (_what, freeBytes, reason) => {
      const storage = folderStorage(join(String(disk?.folder), freeBytes.name), freeBytes);
      onTestFinished(() => rm(join(String(disk?.folder), freeBytes.name), { recursive: true }));
      const cleanup = createCleanup(createLog('silent'));
      const open = () => storage.open({ key: `${freeBytes.length}.mp4`, mediaType: 'video/mp4' });
      const outputs = await openOutputs(ONE_MP4, open, cleanup);
      const [writer] = outputs.beginSegment();
      if (!writer) throw new Error('there is no writer');
      await expect(makeSegment(clip, { startS: 0, endS: 3600 }, writer.write)).rejects.toMatchObject({
        code: 'storage_failed',
      });
      const [until] = outputs.writtenUntil();
      const content = { frames: 1, droppedFrames: 0, durationS: until?.videoS ?? 0 };
      const [file] = await finishOutputs(outputs.all, async () => content);
      await cleanup.run();
      expect(file?.error?.message).toContain(reason);
      const path = String(file?.file);
      expect((await runTool('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'])).stderr).toBe('');
      const { stdout } = await runTool('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', path]);
      expect(Number(/duration=(.*)/.exec(String(stdout))?.[1])).toBeGreaterThan(60);
      await rm(path);
    },
  );
});
