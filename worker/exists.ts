import { access } from 'node:fs/promises';

/** Whether this process sees a file or a folder at `path`. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
