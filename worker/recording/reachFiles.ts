import { exists } from '../exists.ts';
import type { RecordingManifest } from './manifest.ts';

/**
 * From where this machine can go on with what was written of a recording, at least of one of its outputs: the bytes are
 * on its disk or the file is stored (here), or any machine can go on with what a bucket has of it. null if it cannot.
 */
export async function reachFiles({
  outputs,
}: Pick<RecordingManifest, 'outputs'>): Promise<'here' | 'bucket' | null> {
  const isHere = await Promise.all(outputs.map((output) => output.stored != null || isThere(output)));
  if (isHere.includes(true)) return 'here';
  return outputs.some(isKept) ? 'bucket' : null;
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
  const found = await Promise.all([file.partPath, ...complete].map(exists));
  return found.includes(true);
}
