import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run } from './run.mjs';

/** npm's own record of what is installed. If it is older than the lockfile, packages have changed since. */
const INSTALLED = join(ROOT, 'node_modules/.package-lock.json');
const WANTED = join(ROOT, 'package-lock.json');

/** Installs the npm packages of the lockfile unless that is done, including those that only build and test. */
export function installPackages(say) {
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= statSync(WANTED).mtimeMs) return;
  say('installing npm packages');
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel', 'error']);
}
