import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Runs a program with its output on stderr, so that stdout stays free for a command's own output. Throws if
 * it fails.
 */
export function run(program, args, env = {}) {
  const { status, error } = spawnSync(program, args, optionsFor(env));
  if (status !== 0) throw failed(program, args, error?.message ?? `exit code ${status}`);
}

/** Does the same in the background. The promise rejects if the program fails. */
export function start(program, args) {
  const child = spawn(program, args, optionsFor({}));
  const ending = new Promise((resolve, reject) => {
    child.once('error', (error) => reject(failed(program, args, error.message)));
    child.once('exit', (status) =>
      status === 0 ? resolve() : reject(failed(program, args, `exit code ${status}`)),
    );
  });
  ending.catch(() => {}); // whoever awaits the promise later sees the failure
  return ending;
}

function optionsFor(env) {
  const shell = process.platform === 'win32';
  return { cwd: ROOT, stdio: ['ignore', 2, 2], env: { ...process.env, ...env }, shell };
}

function failed(program, args, reason) {
  return new Error(`${program} ${args.join(' ')} failed (${reason})`);
}

/** Whether a program is on the PATH. */
export function has(program) {
  const finder = process.platform === 'win32' ? 'where' : 'which';
  return spawnSync(finder, [program], { stdio: 'ignore' }).status === 0;
}
