import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { createCleanup } from '../../../../worker/cleanup.ts';
import { createLog } from '../../../../worker/log.ts';
import { finishOutputs } from '../../../../worker/outputs/finishOutputs.ts';
import { openOutputs } from '../../../../worker/outputs/openOutputs.ts';
import { folderStorage } from '../../../../worker/storage/folderStorage.ts';
import { s3Storage } from '../../../../worker/storage/s3/s3Storage.ts';
import type { Storage } from '../../../../worker/storage/storage.ts';
import { withBackup } from '../../../../worker/storage/withBackup.ts';
import { type FailingDisk, mountFailingDisk } from '../../../support/failingDisk.ts';
import { parseMp4 } from '../../../support/inspect/parseMp4.ts';
import { runTool } from '../../../support/inspect/runTool.ts';
import { type Clip, makeClip, makeSegment } from '../../../support/makeSegment.ts';
import { measureFile } from '../../../support/measureFile.ts';
import { ONE_MP4 } from '../../../support/oneMp4.ts';
import { s3Missing } from '../../../support/startS3.ts';
import { startS3Place } from '../../../support/startS3Place.ts';

const DISK_MIB = 300;
const FILE = { key: 'a.mp4', mediaType: 'video/mp4' };
/** The disk fails once this much is recorded. */
const FAILS_AT_S = 10;

const canMount = (() => {
  const disk = mountFailingDisk(DISK_MIB);
  disk?.unmount();
  return disk !== null;
})();
if (!canMount) console.warn('SKIPPED: a disk that becomes read-only (this user may not mount one)');

describe.skipIf(!canMount)('a disk that becomes read-only', () => {
  let disk: FailingDisk;
  let clip: Clip;
  let folder: string;

  beforeEach(async () => {
    disk = mountFailingDisk(DISK_MIB) as FailingDisk;
    folder = await mkdtemp(join(tmpdir(), 'test-read-only-'));
    clip = await makeClip(join(folder, 'clip.mp4'), 'mp4');
  });
  afterEach(async () => {
    disk.unmount();
    await rm(folder, { recursive: true, force: true });
  });

  /** Records until the disk fails, and resolves to the finished file and to how much was recorded. */
  async function recordUntilItFails(storage: Storage) {
    const cleanup = createCleanup(createLog('silent'));
    const outputs = await openOutputs(ONE_MP4, () => storage.open(FILE), cleanup);
    const [writer] = outputs.beginSegment();
    if (!writer) throw new Error('there is no writer');
    const writtenS = () => outputs.writtenUntil()[0]?.videoS ?? 0;
    let hasFailed = false;
    const write = async (bytes: Uint8Array, position: number) => {
      if (!hasFailed && writtenS() >= FAILS_AT_S) {
        disk.fail();
        hasFailed = true;
      }
      await writer.write(bytes, position);
    };
    await expect(makeSegment(clip, { startS: 0, endS: 60 }, write)).rejects.toThrow('EROFS');
    const content = { frames: 1, droppedFrames: 0, durationS: writtenS() };
    const [file] = await finishOutputs(outputs.all, async () => content);
    await cleanup.run();
    return file;
  }

  async function expectPlayable(path: string): Promise<void> {
    expect((await runTool('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'])).stderr).toBe('');
    expect((await measureFile(path))?.durationS).toBeGreaterThanOrEqual(FAILS_AT_S - 1);
  }

  test('leaves a file that can be played, and the error says where it is', async () => {
    const file = await recordUntilItFails(folderStorage(disk.folder));
    const path = join(disk.folder, 'a.mp4.part');
    expect(file?.error?.message).toContain('EROFS');
    expect(file?.error?.message).toContain(path);
    await expectPlayable(path);
  });

  test.skipIf(s3Missing)('loses nothing of what is on its way to a bucket', async () => {
    const place = await startS3Place();
    onTestFinished(() => place.close());
    const folders = { spool: join(disk.folder, 'spool'), rescue: join(disk.folder, 'rescue') };
    const file = await recordUntilItFails(s3Storage(place.target, folders, { giveUpAfterMs: 10_000 }));
    expect(file?.error?.message).toContain('EROFS');
    expect(file?.file).toBe('s3://recordings/a.mp4');
    const path = place.s3.objectPath('recordings', 'a.mp4');
    await expectPlayable(path);
    expect(await parseMp4(path)).toMatchObject({ isFragmented: false, problems: [] });
  });

  test('loses nothing to a recording that has a backup', async () => {
    const backup = join(folder, 'backup');
    const file = await recordUntilItFails(withBackup(folderStorage(disk.folder), folderStorage(backup)));
    expect(file?.error?.message).toContain('EROFS');
    expect(file?.file).toBe(join(backup, 'a.mp4'));
    await expectPlayable(join(backup, 'a.mp4'));
    expect(await parseMp4(join(backup, 'a.mp4'))).toMatchObject({ isFragmented: false, problems: [] });
  });

  test('is not begun on, and the backup takes the recording', async () => {
    disk.fail();
    const main = folderStorage(join(disk.folder, 'recordings'));
    await expect(main.open(FILE)).rejects.toThrow('EROFS');
    const sink = await withBackup(main, folderStorage(folder)).open(FILE);
    await sink.write(Buffer.from('recorded'), 0);
    await sink.finish(null);
    expect(await readdir(folder)).toContain('a.mp4');
  });
});
