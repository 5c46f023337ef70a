import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The ids that every Linux has for nobody in particular. */
const NOBODY = 65_534;
const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));

/** As a container that is started with --read-only, --cap-drop=ALL and --security-opt=no-new-privileges. */
const DROP = [
  'setpriv',
  ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'],
  ...['--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'],
];
const READ_ONLY =
  'mount --bind "$0" "$0" && mount --bind /dev/shm /dev/shm && mount -o remount,bind,ro / && exec "$@"';

/** How to run programs as a user without any rights, in a system of which only one folder can be written to. */
export interface Unprivileged {
  readonly folder: string;
  /** A program with its arguments, which another program and its arguments are added to. */
  readonly through: readonly string[];
  /** Folders that belong to this user. */
  readonly env: { readonly HOME: string; readonly TMPDIR: string };
}

/** Makes the folder, or says why nothing can be run so here. */
export function becomeUnprivileged(): Unprivileged | { readonly missing: string } {
  if (process.getuid?.() !== 0) return { missing: 'only root can become another user' };
  const folder = mkdtempSync(join(tmpdir(), 'test-unprivileged-'));
  const env = { HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp') };
  for (const path of [env.HOME, env.TMPDIR]) {
    mkdirSync(path);
    chownSync(path, NOBODY, NOBODY);
  }
  chmodSync(folder, 0o711);
  const through = ['unshare', '--mount', '--propagation=private', 'sh', '-c', READ_ONLY, folder, ...DROP];
  const [program, ...args] = [...through, 'unshare', '--user', process.execPath, MAIN, '--help'];
  try {
    execFileSync(String(program), args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...env },
    });
  } catch (error) {
    return { missing: String((error as { stderr?: unknown }).stderr ?? error).trim() };
  }
  return { folder, through, env };
}
