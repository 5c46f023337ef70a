import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 240_000;
/** Later versions need a newer Node than this project does. */
const VERSION = '3.35.0';

/**
 * Installs Azurite, which speaks the protocol of Azure Blob Storage, into `folder`, where it is not there yet. It is no package of
 * this project, because nothing but its tests needs it, and it is large.
 */
export async function installAzurite(folder) {
  if (installedVersion(folder) === VERSION) return;
  console.log(`Installing Azurite ${VERSION} (once) ...`);
  mkdirSync(folder, { recursive: true });
  // Without a package.json of its own, npm would install into this project.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--omit=optional'];
  await run('npm', ['install', ...quiet, `azurite@${VERSION}`], { cwd: folder, timeout: LIMIT_MS });
}

function installedVersion(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'node_modules', 'azurite', 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}
