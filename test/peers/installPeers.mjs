// Builds the real servers the media tests run against into .cache/peers, when the Go toolchain is there. With
// STREAM_SDK=1 it also installs an SDK there that an app of the tests is written on, and clients of the recording API.
// A peer that cannot be built costs its tests, not the test run: one line on stderr, exit code 0.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installApiClients } from './installApiClients.mjs';
import { installAzurite } from './installAzurite.mjs';
import { installStreamSdk } from './installStreamSdk.mjs';

const run = promisify(execFile);
const PEERS_FOLDER = fileURLToPath(new URL('../../.cache/peers/', import.meta.url));

// livekit-server 1.11.0: later versions replace modules in their go.mod, which `go install` refuses, or
// need module versions the public Go proxy does not hold.
// Not here: LiveKit's command line `lk`, which the proxy refuses (403); Chromium publishes instead.
const PEERS = [
  {
    name: 'livekit-server',
    module: 'github.com/livekit/livekit-server',
    command: 'cmd/server',
    version: 'v1.11.0',
  },
  { name: 'versitygw', module: 'github.com/versity/versitygw', command: 'cmd/versitygw', version: 'v1.8.0' },
];

// Both together took under 3 minutes from an empty cache on 2 cores.
const BUILD_LIMIT_MS = 350_000;

await installPeers();

async function installPeers() {
  mkdirSync(PEERS_FOLDER, { recursive: true });
  const giveUpAtMs = Date.now() + BUILD_LIMIT_MS;
  // It waits for the network, while the servers keep the processors busy.
  const sdk = process.env.STREAM_SDK === '1' ? installSdk() : Promise.resolve();
  const azurite = installAzurite(join(PEERS_FOLDER, 'azurite')).catch((error) =>
    console.error(`Azurite is not installed, its tests will be skipped: ${reason(error)}`),
  );
  for (const peer of PEERS) {
    try {
      await installPeer(peer, giveUpAtMs);
    } catch (error) {
      console.error(`${peer.name} ${peer.version} not built, its tests will be skipped: ${goReason(error)}`);
    }
  }
  await sdk;
  await azurite;
}

/** Only where it is asked for, because whoever downloads these packages accepts Stream's own licence. */
async function installSdk() {
  try {
    await installStreamSdk(join(PEERS_FOLDER, 'sdks'));
  } catch (error) {
    console.error(`The Stream SDK is not installed, its tests will be skipped: ${reason(error)}`);
  }
  await installApiClients(join(PEERS_FOLDER, 'api-clients'));
}

async function installPeer(peer, giveUpAtMs) {
  const path = join(PEERS_FOLDER, peer.name);
  if (await isBuilt(path, peer)) return;
  console.log(`Building ${peer.name} ${peer.version} (once; a few minutes from an empty Go cache) ...`);
  const startedAtMs = Date.now();
  await build(path, peer, giveUpAtMs);
  console.log(`Built ${peer.name} in ${Math.round((Date.now() - startedAtMs) / 1000)} s`);
}

/** Asks the binary itself which version it is, so that a changed pin rebuilds and a cut-off build counts as none. */
async function isBuilt(path, peer) {
  try {
    const { stdout } = await run('go', ['version', '-m', path]);
    return stdout.includes(`\tmod\t${peer.module}\t${peer.version}`);
  } catch (error) {
    // Without Go nothing can be rebuilt, so what is there has to do.
    return error.code === 'ENOENT' && existsSync(path);
  }
}

async function build(path, peer, giveUpAtMs) {
  // `go install` names the binary after its folder ("server"), so it lands in a folder of its own first.
  const folder = mkdtempSync(join(PEERS_FOLDER, 'building-'));
  try {
    await run('go', ['install', '-ldflags=-s -w', `${peer.module}/${peer.command}@${peer.version}`], {
      // Neither peer needs C; a machine without a C compiler then builds them too.
      env: { ...process.env, GOBIN: folder, CGO_ENABLED: '0' },
      timeout: Math.max(1, giveUpAtMs - Date.now()),
      // go finishes the compilers it started on SIGINT; on SIGKILL it would leave them running.
      killSignal: 'SIGINT',
      maxBuffer: 64 * 1024 * 1024,
    });
    renameSync(join(folder, peer.command.split('/').at(-1)), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function goReason(error) {
  if (error.code === 'ENOENT') return 'the Go toolchain (go) is not on PATH';
  if (error.killed) return `not finished within ${BUILD_LIMIT_MS / 1000} s for all peers`;
  return reason(error);
}

function reason(error) {
  const lines = (error.stderr || error.message).split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !/^(go: downloading|npm warn)/.test(line))
    .slice(0, 2)
    .join(' ');
}
