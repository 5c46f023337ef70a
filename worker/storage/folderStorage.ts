import { openGrowingFile } from './growingFile.ts';
import type { Sink, Storage } from './storage.ts';

/** Stores recordings in a folder of this machine. The worker's umask decides who may read them. */
export function folderStorage(folder: string): Storage {
  return {
    open: async ({ key }): Promise<Sink> => {
      const file = await openGrowingFile(folder, key, 'everybody');
      return {
        localPath: file.partPath,
        write: file.write,
        sizeBytes: file.sizeBytes,
        finish: async () => ({ location: await file.complete(), sizeBytes: file.sizeBytes() }),
        abort: file.drop,
      };
    },
  };
}
