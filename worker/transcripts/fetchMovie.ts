import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { get as getPlainly, type IncomingMessage } from 'node:http';
import { get as getSecurely } from 'node:https';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { GuardedAgents } from '../egress/guardedAgents.ts';

/** Reads a stored recording back from a link to it. Throws an Error that does not name the link, which is signed. */
export async function fetchMovie(
  link: string,
  moviePath: string,
  { agents, cancel }: { readonly agents: GuardedAgents | null; readonly cancel: AbortSignal },
): Promise<void> {
  const isSecure = new URL(link).protocol === 'https:';
  const agent = isSecure ? agents?.httpsAgent : agents?.httpAgent;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { signal: cancel, ...(agent ? { agent } : {}) };
    (isSecure ? getSecurely : getPlainly)(link, options, resolve).on('error', reject);
  });
  if (response.statusCode !== 200) {
    response.destroy();
    throw new Error(`the store answered with HTTP status ${response.statusCode}`);
  }
  await mkdir(dirname(moviePath), { recursive: true, mode: 0o700 });
  await pipeline(response, createWriteStream(`${moviePath}.new`, { mode: 0o600 }));
  await rename(`${moviePath}.new`, moviePath);
}
