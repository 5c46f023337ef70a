import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findBrowser } from './findBrowser.ts';

const run = promisify(execFile);

/** For people; the text names what is different on each kind of machine. */
export const HOW_TO_GET_A_SANDBOX =
  'run the worker as a user other than root, who may make user namespaces; in Docker that takes --security-opt seccomp=docs/seccomp.json (docs/security.md)';

const SETUID = 0o4000;

/**
 * Why the pages of this worker run without Chromium's sandbox, or cannot run at all: Chromium has none as root, and does
 * not start where it may not make one. null if the sandbox is on, or if that cannot be found out.
 */
export async function sandboxProblem(chromium: string | null): Promise<string | null> {
  if (process.platform !== 'linux') return null;
  if (process.getuid?.() === 0) return 'the worker runs as root, and Chromium has no sandbox there';
  const reason = await run('unshare', ['--user', '--net', '--map-root-user', 'true']).then(
    () => null,
    (error) => (error.code === 'ENOENT' ? null : String(error.stderr).trim().split('\n')[0]),
  );
  if (reason === null || (await hasHelper(chromium))) return null;
  return `this user may not make user namespaces (${reason}), so Chromium does not start`;
}

/** An older way to a sandbox: a program beside Chromium that belongs to root and runs as root. */
async function hasHelper(chromium: string | null): Promise<boolean> {
  const path = await findBrowser(chromium).catch(() => '');
  const places = [join(dirname(path), 'chrome-sandbox'), '/usr/lib/chromium/chrome-sandbox'];
  const found = await Promise.all(
    places.map((place) =>
      stat(place).then(
        ({ mode, uid }) => uid === 0 && (mode & SETUID) !== 0,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}
