import { randomUUID } from 'node:crypto';
import { exists } from '../exists.ts';
import { RecordingError } from '../recordingError.ts';
import { readSideFile, writeSideFile } from './sideFile.ts';

/**
 * Who may write to a `.part`. Whoever goes on with the file of another process puts a token into
 * `<file>.part.owner`. A process that was only suspended, and wakes up later, sees before its next write that
 * the file is no longer its own.
 */
export interface Ownership {
  /** Throws storage_failed if the file belongs to another process by now, or is gone. */
  check(partPath: string): Promise<void>;
}

/** The ownership of the process that created the file: nobody has gone on with it yet. */
export const UNSHARED: Ownership = ownershipWith(null);

/** Takes the file away from whoever wrote to it until now. */
export async function takeOwnership(partPath: string): Promise<Ownership> {
  const token = randomUUID();
  await writeSideFile(ownerPath(partPath), token);
  return ownershipWith(token);
}

function ownershipWith(token: string | null): Ownership {
  return {
    check: async (partPath) => {
      const [owner, isThere] = await Promise.all([ownerOf(partPath), exists(partPath)]);
      if (isThere && owner === token) return;
      throw new RecordingError(
        'storage_failed',
        isThere
          ? `${partPath} is written by another process now, which went on with it`
          : `${partPath} is gone: another process has completed it, or it was deleted or moved`,
      );
    },
  };
}

function ownerPath(partPath: string): string {
  return `${partPath}.owner`;
}

function ownerOf(partPath: string): Promise<string | null> {
  return readSideFile(ownerPath(partPath));
}
