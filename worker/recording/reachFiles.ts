import { access } from 'node:fs/promises';
import type { RecordingManifest } from './manifest.ts';

/** Whether this machine reaches what was written of a recording, or what a bucket has of it, at least of one output. */
export async function canReachFiles({ outputs }: Pick<RecordingManifest, 'outputs'>): Promise<boolean> {
  const reached = await Promise.all(
    outputs.map(async ({ file }) => isKept(file) || (await isThere(file?.partPath))),
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
function isKept(file: RecordingManifest['outputs'][number]['file']): boolean {
  const kept = file?.kept;
  return typeof kept === 'object' && kept !== null && 'isAny' in kept && kept.isAny === true;
}

async function isThere(path: unknown): Promise<boolean> {
  if (typeof path !== 'string') return false;
  return access(path).then(
    () => true,
    () => false,
  );
}
