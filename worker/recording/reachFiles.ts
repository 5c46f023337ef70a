import { access } from 'node:fs/promises';
import type { RecordingManifest } from './manifest.ts';

/**
 * Whether this machine can go on with what was written of a recording, at least of one of its outputs: the bytes are
 * on its disk or kept in a bucket, or the file is stored.
 */
export async function canReachFiles({ outputs }: Pick<RecordingManifest, 'outputs'>): Promise<boolean> {
  const reached = await Promise.all(
    outputs.map((output) => output.stored != null || isKept(output) || isThere(output)),
  );
  return reached.includes(true);
}

/** Where the files of a recording lie, as far as its manifest knows: the paths, each with its machine. */
export function placesOf({ outputs }: Pick<RecordingManifest, 'outputs'>): string {
  const places = outputs.flatMap(({ file }) =>
    file ? `${String(file.partPath ?? file.key)} on the machine ${String(file.machine)}` : [],
  );
  return places.join(', ');
}

/** A bucket may have enough of the file that any machine can go on with it. */
function isKept({ file }: RecordingManifest['outputs'][number]): boolean {
  const kept = file?.kept;
  return typeof kept === 'object' && kept !== null && 'isAny' in kept && kept.isAny === true;
}

/** A worker may have been lost after it had completed a file of a folder, and before it could note that. */
async function isThere({ file }: RecordingManifest['outputs'][number]): Promise<boolean> {
  if (typeof file?.partPath !== 'string') return false;
  const complete = file.kind === 'local' ? [file.partPath.replace(/\.part$/, '')] : [];
  const found = await Promise.all(
    [file.partPath, ...complete].map((path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
