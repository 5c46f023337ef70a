import { mkdir, statfs, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import { mountSmallDisk } from '../../support/smallDisk.ts';
import type { Answer, S3Proxy } from '../../support/startS3Proxy.ts';
import { oneOf } from '../playAll.ts';
import { recordThrough } from '../recordThrough.ts';
import type { Scenario } from '../scenario.ts';

const UNTOUCHED = { mostMissingS: 0, goesOnWithinS: 0 };
const MIB = 1024 * 1024;
const BAD_FOR_MS = 30_000;
/** A large file has more than one part by then, so that the bucket gets an upload in parts. */
const SEVERAL_PARTS_TAKE_S = 18;
/** A recording begins only where 200 MiB are free. */
const DISK_MIB = 320;
const LEFT_AT_MOST_MIB = 190;
/** Of a disk that is full at once: the fragment that did not fit, and what was delivered before that was noticed. */
const MOST_LOST_AT_END_S = 2;

const SLOW = 'it is slow';
/** How a bucket can be bad. Each is put right after 30 s, or when it has done it often enough. */
const BAD: Readonly<Record<string, (proxy: S3Proxy, random: () => number) => void>> = {
  'it answers 403': answers(403),
  'it answers 500': answers(500),
  'it answers 503': answers(503),
  'the credentials have expired': answers('403 ExpiredToken'),
  'it does not answer': answers('never'),
  [SLOW]: (proxy) => {
    proxy.slowDown(100_000);
    void wait(BAD_FOR_MS).then(() => proxy.slowDown(Number.POSITIVE_INFINITY));
  },
  'it loses the parts': (proxy, random) => {
    const losses = proxy.refusedCount() + 1 + Math.floor(3 * random());
    proxy.answer('404 NoSuchUpload', /uploadId=/);
    void eventually('parts are lost', () => proxy.refusedCount() >= losses, { withinMs: 90_000, everyMs: 5 })
      .catch(() => {}) // nothing was sent in parts
      .finally(() => proxy.answer('well'));
  },
};

/** Where the file is written to. */
export const STORAGES: readonly Scenario[] = [
  {
    name: 'bucket-down',
    happens: 'The bucket answers 503 for 30 s, also after the end of the call.',
    promise: 'Nothing is missing. The file is delivered when the bucket is back.',
    ...UNTOUCHED,
    run: async (world, random) => {
      await world.startWorker();
      return recordThrough(world, random, {
        storage: 's3',
        make: async () => answers(503)(world.s3Proxy),
      });
    },
  },
  {
    name: 'bucket-bad',
    happens:
      'The bucket refuses (403, 500, 503, expired credentials), is slow or silent for 30 s, or loses the parts that it has, up to three times.',
    promise: 'Nothing is missing. The file is delivered when the bucket is back.',
    ...UNTOUCHED,
    isAlone: true,
    run: async (world, random) => {
      await world.startWorker();
      const how = oneOf(random, Object.keys(BAD) as [string, ...string[]]);
      const durability = oneOf(random, ['part', 'machine']);
      return recordThrough(world, random, {
        how: `${how} (durability: ${durability})`,
        storage: 's3',
        storageFields: { durability },
        goOnS: SEVERAL_PARTS_TAKE_S,
        isLarge: true,
        make: async () => BAD[how]?.(world.s3Proxy, random),
        alsoJudge: async () =>
          world.s3Proxy.refusedCount() > 0 || how === SLOW
            ? []
            : ['nothing was refused, so nothing was tried'],
      });
    },
  },
  {
    name: 'disk-full',
    happens: 'Another program fills the disk, to its end or until less than 200 MiB are left.',
    promise: `The recording ends with a file that can be played and lacks ${MOST_LOST_AT_END_S} s at its end at most, and with the error \`storage_failed\`.`,
    ...UNTOUCHED,
    run: async (world, random) => {
      const disk = mountSmallDisk(DISK_MIB);
      if (!disk) throw new Error('this user may not mount a disk of its own');
      try {
        const folder = world.folderOf('small disk');
        await mkdir(dirname(folder), { recursive: true });
        await symlink(disk.folder, folder);
        await world.startWorker('small disk');
        const leftMiB = oneOf(random, [0, Math.floor(LEFT_AT_MOST_MIB * random())]);
        return await recordThrough(world, random, {
          how: `${leftMiB} MiB are left`,
          endsByItself: true,
          failsWith: 'storage_failed',
          mostLostAtEndS: MOST_LOST_AT_END_S,
          make: () => fill(disk.folder, leftMiB),
        });
      } finally {
        await world.endWorkers();
        disk.unmount();
      }
    },
  },
];

function answers(how: Answer): (proxy: S3Proxy) => void {
  return (proxy) => {
    proxy.answer(how);
    void wait(BAD_FOR_MS).then(() => proxy.answer('well'));
  };
}

/** The recording writes meanwhile, so the disk may be full before everything is written. */
async function fill(folder: string, leftMiB: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const bytes = Math.max(0, bavail * bsize - leftMiB * MIB);
  await writeFile(join(folder, 'of-another-program'), Buffer.alloc(bytes)).catch((error) => {
    if (error.code !== 'ENOSPC') throw error;
  });
}
