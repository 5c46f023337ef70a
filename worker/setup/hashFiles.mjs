import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns one hash of the names and contents of files, and of all files in folders. A name that does not
 * exist is skipped.
 */
export function hashFiles(root, names) {
  const hash = createHash('sha256');
  for (const path of names.flatMap((name) => filesIn(root, name)).sort()) {
    const content = createHash('sha256').update(readFileSync(join(root, path)));
    hash.update(`${path} ${content.digest('hex')}\n`);
  }
  return hash.digest('hex');
}

/** The compiler's notes are left out, because they depend on what was type-checked, and nobody runs them. */
function filesIn(root, path) {
  const stat = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stat || path.endsWith('.tsbuildinfo')) return [];
  if (!stat.isDirectory()) return [path];
  return readdirSync(join(root, path)).flatMap((name) => filesIn(root, join(path, name)));
}
