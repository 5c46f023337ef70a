import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const NAME = '@stream-io/video-react-sdk';
const VERSION = '1.43.1';
const LIMIT_MS = 120_000;

/**
 * Installs the SDK that one of the apps of test/apps is written on into `folder`, if it is not there in this version.
 * It is not among the packages of this project, because its licence is not an open one: it is Stream's own, and is in
 * the folder of the package. React is left out, since the app brings its own.
 */
export async function installStreamSdk(folder) {
  if (installedVersion(folder) === VERSION) return;
  console.log(`Installing ${NAME} ${VERSION}, under the licence of its own that it brings ...`);
  mkdirSync(folder, { recursive: true });
  // Without a package.json of its own, npm would install into this project.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
  await run('npm', ['install', '--legacy-peer-deps', ...quiet, `${NAME}@${VERSION}`], {
    cwd: folder,
    timeout: LIMIT_MS,
  });
}

function installedVersion(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'node_modules', NAME, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}
