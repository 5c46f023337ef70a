import { exists } from '../exists.ts';
import type { RecordingManifest } from './manifest.ts';

/**
 * From where a machine can go on with what was written of a recording, at least of one of its outputs: the bytes are
 * on its disk or the file is stored (here), or a bucket has of the file all but its last seconds (bucket), or all but its
 * last part (parts). null if it cannot.
 */
export type Reach = 'here' | 'bucket' | 'parts' | null;

/** What this machine reaches. */
export async function reachFiles({ outputs }: Pick<RecordingManifest, 'outputs'>): Promise<Reach> {
  const isHere = await Promise.all(outputs.map((output) => output.stored != null || isThere(output)));
  if (isHere.includes(true)) return 'here';
  const kept = outputs.flatMap(({ file }) => (isKept(file?.kept) ? [file.kept] : []));
  if (kept.length === 0) return null;
  return kept.every(({ holdsEnd }) => holdsEnd === true) ? 'bucket' : 'parts';
}

/** Where the files of a recording lie, as far as its manifest knows: the paths, each with its machine. */
export function placesOf({ outputs }: Pick<RecordingManifest, 'outputs'>): string {
  const places = outputs.flatMap(({ file }) =>
    file ? `${String(file.partPath ?? file.key)} on the machine ${String(file.machine)}` : [],
  );
  return places.join(', ');
}

/** A bucket may have enough of the file that any machine can go on with it. */
function isKept(kept: unknown): kept is { readonly holdsEnd?: unknown } {
  return typeof kept === 'object' && kept !== null && 'isAny' in kept && kept.isAny === true;
}

/** A worker may have been lost after it had completed a file of a folder, and before it could note that. */
async function isThere({ file }: RecordingManifest['outputs'][number]): Promise<boolean> {
  if (typeof file?.partPath !== 'string') return false;
  const complete = file.kind === 'local' ? [file.partPath.replace(/\.part$/, '')] : [];
  const found = await Promise.all([file.partPath, ...complete].map(exists));
  return found.includes(true);
}
