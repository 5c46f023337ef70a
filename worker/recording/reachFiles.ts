import { access } from 'node:fs/promises';
import type { RecordingManifest } from './manifest.ts';

/** Whether this machine reaches what was written of a recording, at least of one of its outputs, or one is stored. */
export async function canReachFiles({ outputs }: Pick<RecordingManifest, 'outputs'>): Promise<boolean> {
  const reached = await Promise.all(outputs.map((output) => output.stored != null || isThere(output)));
  return reached.includes(true);
}

/** Where the files of a recording lie, as far as its manifest knows: the paths, each with its machine. */
export function placesOf({ outputs }: Pick<RecordingManifest, 'outputs'>): string {
  const places = outputs.flatMap(({ file }) =>
    file ? `${String(file.partPath ?? file.key)} on the machine ${String(file.machine)}` : [],
  );
  return places.join(', ');
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
