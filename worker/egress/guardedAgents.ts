import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connectAllowed } from './connectAllowed.ts';
import type { EgressRules } from './egressRules.ts';

/** What HTTP clients of the worker connect with. */
export interface GuardedAgents {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
}

/**
 * Agents for requests that the worker sends to addresses of a job: webhooks and storages. They connect to nothing but
 * what the rules allow, and to the very address that was checked. A request that is refused fails with EgressRefusal.
 */
export function guardedAgents(rules: Pick<EgressRules, 'resolve'>): GuardedAgents {
  const httpAgent = new HttpAgent({ keepAlive: true });
  const httpsAgent = new HttpsAgent({ keepAlive: true });
  const secured = httpsAgent.createConnection.bind(httpsAgent);
  httpAgent.createConnection = connecting(rules, (socket) => socket);
  httpsAgent.createConnection = connecting(rules, (socket, options) =>
    secured({ ...options, socket } as RequestOptions),
  );
  return { httpAgent, httpsAgent };
}

/** Makes the method of an agent that connects. `over` gives the stream of a request over a connection. */
function connecting(
  rules: Pick<EgressRules, 'resolve'>,
  over: (socket: Socket, options: RequestOptions) => Duplex | null | undefined,
) {
  return (options: RequestOptions, done?: (error: Error | null, stream: Duplex) => void): undefined => {
    connectAllowed(rules, { host: String(options.host), port: Number(options.port) })
      .then((socket) => over(socket, options))
      .then((stream) => done?.(null, stream as Duplex), done as (error: Error) => void);
  };
}
