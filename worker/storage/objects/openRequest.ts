import { type ClientRequest, request as requestPlainly } from 'node:http';
import { request as requestSecurely } from 'node:https';
import type { GuardedAgents } from '../../egress/guardedAgents.ts';

/** A request without its body. */
export interface RequestHead {
  readonly url: string | URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** For how long nothing may move on the connection. */
  readonly idleLimitMs: number;
  /** What connects; null for Node's own. */
  readonly agents: GuardedAgents | null;
  readonly signal: AbortSignal;
}

/** Opens a request to a store, whose body is for the caller to send. One on which nothing moves is destroyed. */
export function openRequest({
  url,
  method,
  headers,
  idleLimitMs,
  agents,
  signal,
}: RequestHead): ClientRequest {
  const isSecure = new URL(url).protocol === 'https:';
  const agent = isSecure ? agents?.httpsAgent : agents?.httpAgent;
  const options = { method, headers, signal, timeout: idleLimitMs, ...(agent ? { agent } : {}) };
  const outgoing = (isSecure ? requestSecurely : requestPlainly)(url, options);
  const isIdle = () => outgoing.destroy(new Error(`nothing moved on the connection for ${idleLimitMs} ms`));
  return outgoing.once('timeout', isIdle);
}
