import { access } from 'node:fs/promises';
import type { RecordingManifest } from './manifest.ts';

/** Whether this machine reaches what was written of a recording, at least of one of its outputs. */
export async function canReachFiles({ outputs }: Pick<RecordingManifest, 'outputs'>): Promise<boolean> {
  const reached = await Promise.all(outputs.map(({ file }) => isThere(file?.partPath)));
  return reached.includes(true);
}

/** Where the files of a recording lie, as far as its manifest knows: the paths, each with its machine. */
export function placesOf({ outputs }: Pick<RecordingManifest, 'outputs'>): string {
  const places = outputs.flatMap(({ file }) =>
    file ? `${String(file.partPath ?? file.key)} on the machine ${String(file.machine)}` : [],
  );
  return places.join(', ');
}

async function isThere(path: unknown): Promise<boolean> {
  if (typeof path !== 'string') return false;
  return access(path).then(
    () => true,
    () => false,
  );
}
