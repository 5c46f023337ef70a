import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const MIB = 1024 * 1024;

/** A disk of its own that can fail. */
export interface FailingDisk {
  readonly folder: string;
  /** The system finds an error on the disk, and from now on lets nobody write to it, open files included. */
  fail(): void;
  unmount(): void;
}

/** Null where this user may not mount one, or the system cannot be made to find an error. */
export function mountFailingDisk(mebibytes: number): FailingDisk | null {
  const root = mkdtempSync(join(tmpdir(), 'test-disk-'));
  const [image, folder] = [join(root, 'image'), join(root, 'disk')];
  const run = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: 'pipe' });
  writeFileSync(image, '');
  truncateSync(image, mebibytes * MIB);
  mkdirSync(folder);
  try {
    run('mkfs.ext4', '-q', image);
    run('mount', '-o', 'loop,errors=remount-ro', image, folder);
  } catch {
    rmSync(root, { recursive: true });
    return null;
  }
  const device = basename(String(run('findmnt', '-no', 'SOURCE', folder)).trim());
  return {
    folder,
    fail: () => writeFileSync(`/sys/fs/ext4/${device}/trigger_fs_error`, '1'),
    unmount: () => {
      // Another process that makes namespaces at this moment holds the mount a little longer.
      run('umount', '--lazy', folder);
      rmSync(root, { recursive: true });
    },
  };
}
