import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AzureStorageTarget } from '../../shared/storages/storageTarget.ts';
import type { GuardedAgents } from '../../worker/egress/guardedAgents.ts';
import { azureClient } from '../../worker/storage/azure/azureClient.ts';
import { freePort } from './freePort.ts';
import { type RunningServer, startServer } from './startServer.ts';

const PROGRAM = fileURLToPath(
  new URL('../../.cache/peers/azurite/node_modules/azurite/dist/src/blob/main.js', import.meta.url),
);
/** Of no worth: both are made up here. */
const ACCOUNT = 'testaccount';
const ACCOUNT_KEY = Buffer.from('a key of an account for tests').toString('base64');

/** Why `startAzurite` cannot work here, or null. */
export const azuriteMissing = existsSync(PROGRAM)
  ? null
  : 'Azurite is not installed (node test/peers/installPeers.mjs installs it)';

export interface Azurite extends RunningServer {
  /** An account of its own, with one container, named "recordings". */
  readonly target: AzureStorageTarget;
  /** What connects to it; it trusts the certificate of the server where that speaks HTTPS. */
  readonly agents: GuardedAgents;
  read(blob: string): Promise<Buffer>;
  /** The names of all blobs, or of those as well that have only blocks. */
  names(of: 'complete' | 'all'): Promise<string[]>;
}

/**
 * Starts Azure's own emulator of its Blob Storage on loopback, with a new container. With `withTokens`, it speaks HTTPS and takes
 * the tokens of applications.
 */
export async function startAzurite({ withTokens = false } = {}): Promise<Azurite> {
  const port = await freePort();
  const server = await startServer({
    name: 'azurite',
    path: process.execPath,
    port,
    readyWithinMs: 60_000,
    env: { AZURITE_ACCOUNTS: `${ACCOUNT}:${ACCOUNT_KEY}` },
    args: async (folder) => {
      const where = ['--blobHost', '127.0.0.1', '--blobPort', String(port), '--location', folder];
      const secure = withTokens ? ['--oauth', 'basic', ...(await certificateIn(folder))] : [];
      return [PROGRAM, ...where, '--silent', '--disableTelemetry', ...secure];
    },
  });
  const certificate = withTokens ? await readFile(join(server.folderPath, 'cert.pem')) : null;
  const target: AzureStorageTarget = {
    ...{
      kind: 'azure' as const,
      account: ACCOUNT,
      container: 'recordings',
      prefix: '',
      accountKey: ACCOUNT_KEY,
    },
    ...{ tenantId: null, clientId: null, clientSecret: null, authority: null, durability: 'part' as const },
    endpoint: `${withTokens ? 'https' : 'http'}://127.0.0.1:${port}/${ACCOUNT}`,
  };
  const agents = trusting(certificate);
  const send = azureClient(target, 10_000, agents);
  const signal = AbortSignal.timeout(60_000);
  await send({ method: 'PUT', query: { restype: 'container' }, signal });
  return {
    ...server,
    target,
    agents,
    read: async (blob) => (await send({ method: 'GET', blob, signal: AbortSignal.timeout(60_000) })).bytes,
    names: async (of) => {
      const include: Record<string, string> = of === 'all' ? { include: 'uncommittedblobs' } : {};
      const query = { restype: 'container', comp: 'list', ...include };
      const { bytes } = await send({ method: 'GET', query, signal: AbortSignal.timeout(10_000) });
      return [...String(bytes).matchAll(/<Blob><Name>([^<]*)<\/Name>/g)]
        .map(([, name]) => String(name).replaceAll('&amp;', '&'))
        .sort();
    },
  };
}

function trusting(certificate: Buffer | null): GuardedAgents {
  return {
    httpAgent: new HttpAgent({ keepAlive: true }),
    httpsAgent: new HttpsAgent({ keepAlive: true, ...(certificate && { ca: certificate }) }),
  };
}

/** Makes a certificate of its own, for a day. */
async function certificateIn(folder: string): Promise<string[]> {
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const files = ['-keyout', key, '-out', certificate];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    ...subject,
    ...files,
  ]);
  return ['--cert', certificate, '--key', key];
}
