import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStorage } from '../../../../worker/storage/folderStorage.ts';
import { storageContract } from '../../../contracts/storageContract.ts';

storageContract('a folder', async () => {
  const root = await mkdtemp(join(tmpdir(), 'call-compositor-folder-'));
  const folder = join(root, 'recordings');
  const notAFolder = join(root, 'file');
  await writeFile(notAFolder, '');
  return {
    storage: folderStorage(folder),
    recipe: { kind: 'local', folder },
    unwritable: { storage: folderStorage(notAFolder), name: notAFolder },
    read: (location) => readFile(location),
    contents: async () => {
      const names = await readdir(folder).catch(() => []);
      const isUnfinished = (name: string) => name.includes('.part');
      return {
        complete: names.filter((name) => !isUnfinished(name)).sort(),
        unfinished: names.filter(isUnfinished).sort(),
      };
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
});
