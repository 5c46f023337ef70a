import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PREFERENCES } from './preferences.ts';

/** Where Chromium keeps the addresses of its tabs and what was loaded from them, and for which it has no switch. */
const KEPT_ON_DISK = ['Sessions', 'Sessions_Encrypted', 'Cache'];

/**
 * Makes the profile of a browser in a work folder, and returns its path. The address of a page may hold a token, which
 * must not be on the disk: the preferences keep no history, and a file stands where Chromium would make a folder. It then does
 * without. Rejects where the work folder is gone.
 */
export async function makeProfile(workFolder: string): Promise<string> {
  const profile = join(workFolder, 'profile');
  const first = join(profile, 'Default');
  // One after the other: a work folder that was removed meanwhile must not come back.
  for (const folder of [profile, first]) await mkdir(folder, { mode: 0o700 });
  await writeFile(join(first, 'Preferences'), JSON.stringify(PREFERENCES), { mode: 0o600 });
  for (const name of KEPT_ON_DISK) await writeFile(join(first, name), '', { mode: 0o400 });
  return profile;
}
