import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from './freePort.ts';
import { type RunningServer, startServer } from './startServer.ts';

const FOLDER = fileURLToPath(new URL('../../.cache/peers/api-clients/moto-5.2.5/', import.meta.url));

/** Why `startMoto` cannot work here, or null. */
export const motoMissing = existsSync(`${FOLDER}complete`)
  ? null
  : 'moto is not installed (STREAM_SDK=1 node test/peers/installPeers.mjs installs it)';

/** Python reads some hundred files before it answers: 2 s on a machine that has nothing else to do. */
const READY_WITHIN_MS = 60_000;

export type Moto = RunningServer & { readonly endpoint: string };

/** Starts a server on loopback that speaks SQS and SNS. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const args = () => ['-H', '127.0.0.1', '-p', String(port)];
  const env = { MOTO_ACCOUNT_ID: '123456789012' };
  const path = `${FOLDER}bin/moto_server`;
  const server = await startServer({ name: 'moto', path, args, env, port, readyWithinMs: READY_WITHIN_MS });
  return { ...server, endpoint: `http://127.0.0.1:${port}` };
}
