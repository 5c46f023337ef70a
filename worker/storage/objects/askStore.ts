import { type IncomingHttpHeaders, type IncomingMessage, request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';
import { errorIn } from './errorIn.ts';

export interface StoreRequest {
  readonly url: string | URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** For how long nothing may move on the connection. */
  readonly idleLimitMs: number;
  /** What connects; null for Node's own. */
  readonly agents: GuardedAgents | null;
  readonly signal: AbortSignal;
}

export interface StoreAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** Sends a request. Throws StoreError unless the answer has a status of 200 to 299; redirects are not followed. */
export async function askStore(request: StoreRequest): Promise<StoreAnswer> {
  const incoming = await answerTo(request);
  const bytes = Buffer.concat(await incoming.toArray());
  const { statusCode: status = 0, headers } = incoming;
  if (status >= 200 && status < 300) return { headers, bytes };
  throw errorIn({ status, headers, reason: incoming.statusMessage ?? '', text: bytes.toString('utf8') });
}

function answerTo({ url, method, headers, body, idleLimitMs, agents, signal }: StoreRequest) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const isSecure = new URL(url).protocol === 'https:';
    const agent = isSecure ? agents?.httpsAgent : agents?.httpAgent;
    const outgoing = (isSecure ? requestSecurely : requestPlainly)(url, {
      method,
      headers: { ...headers, 'content-length': body?.byteLength ?? 0 },
      signal,
      timeout: idleLimitMs,
      ...(agent ? { agent } : {}),
    });
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`nothing moved on the connection for ${idleLimitMs} ms`)),
    );
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
    outgoing.end(body);
  });
}
