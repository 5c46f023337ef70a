import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Runs a program with its output on stderr, so that stdout stays a command's own; throws where it fails. */
export function run(program, args, env = {}) {
  const options = { cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } };
  const { status, error } = spawnSync(program, args, { ...options, shell: process.platform === 'win32' });
  if (status !== 0)
    throw new Error(`${program} ${args.join(' ')} failed (${error?.message ?? `exit code ${status}`})`);
}

/** Whether a program is on the PATH. */
export function has(program) {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  return spawnSync(finder, [program], { stdio: 'ignore' }).status === 0;
}
