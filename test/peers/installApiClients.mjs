import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 180_000;

/** The packages whose documented snippets are run against our API, and the folder that each lies in. */
const NPM_CLIENTS = [
  { folder: 'node-0.3.0', name: '@stream-io/node-sdk', version: '0.3.0' },
  { folder: 'node-0.7.40', name: '@stream-io/node-sdk', version: '0.7.40' },
  { folder: 'node-0.7.64', name: '@stream-io/node-sdk', version: '0.7.64' },
  { folder: 'twilio-6.2.0', name: 'twilio', version: '6.2.0' },
  { folder: 'videosdk-0.1.1', name: '@videosdk.live/server-sdk', version: '0.1.1' },
];
const PYTHON_CLIENTS = [
  { folder: 'getstream-2.7.1', name: 'getstream', version: '2.7.1' },
  { folder: 'getstream-7.0.0', name: 'getstream', version: '7.0.0' },
  // No client: a server that speaks SQS and SNS, for events. All of its own extras would be ten times as much.
  { folder: 'moto-5.2.5', name: 'moto', version: '5.2.5', with: ['flask==3.1.2', 'flask-cors==6.0.1'] },
];

/**
 * Installs the clients into `folder`, each into a folder of its own, where they are not there yet. Like the SDK of
 * installStreamSdk.mjs, they come under Stream's own licence, so they are no packages of this project. A client that
 * cannot be installed costs its own tests: one line on stderr.
 */
export async function installApiClients(folder) {
  await Promise.all([
    installAll(NPM_CLIENTS, (client) => installFromNpm(join(folder, client.folder), client)),
    installAll(PYTHON_CLIENTS, (client) => installFromPyPi(join(folder, client.folder), client)),
  ]);
}

async function installAll(clients, install) {
  for (const client of clients) await tryTo(client, () => install(client));
}

async function tryTo({ name, version }, install) {
  try {
    await install();
  } catch (error) {
    const [reason] = (error.stderr || error.message).trim().split('\n').slice(-1);
    console.error(`${name} ${version} is not installed, its snippets will not be run: ${reason}`);
  }
}

async function installFromNpm(folder, { name, version }) {
  if (npmVersion(folder, name) === version) return;
  console.log(`Installing ${name} ${version}, under the licence of its own that it brings ...`);
  mkdirSync(folder, { recursive: true });
  // Without a package.json of its own, npm would install into this project.
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--legacy-peer-deps'];
  await run('npm', ['install', ...quiet, `${name}@${version}`], { cwd: folder, timeout: LIMIT_MS });
}

function npmVersion(folder, name) {
  try {
    return JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}

/** The file at the end says that the environment is complete. */
async function installFromPyPi(folder, { name, version, with: others = [] }) {
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return;
  console.log(`Installing ${name} ${version} from PyPI, under the licence of its own that it brings ...`);
  await run('python3', ['-m', 'venv', folder], { timeout: LIMIT_MS });
  const pip = [
    join(folder, 'bin', 'pip'),
    ['install', '-q', '--disable-pip-version-check', `${name}==${version}`, ...others],
  ];
  await run(...pip, { timeout: LIMIT_MS });
  writeFileSync(complete, '');
}
