import { type ClientRequestArgs, Agent as HttpAgent } from 'node:http';
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

type Done = (error: Error | null, socket: Duplex) => void;
type Connect = (options: {
  host?: string | null | undefined;
  port?: number | string | null | undefined;
}) => Promise<Socket>;

/**
 * Agents for requests that the worker sends to addresses of a job: webhooks and storages. They connect to nothing but
 * what the rules allow, and to the very address that was checked. A request that is refused fails with EgressRefusal.
 */
export function guardedAgents(rules: Pick<EgressRules, 'resolve'>): GuardedAgents {
  const connect: Connect = ({ host, port }) =>
    connectAllowed(rules, { host: String(host), port: Number(port) });
  return { httpAgent: new GuardedHttpAgent(connect), httpsAgent: new GuardedHttpsAgent(connect) };
}

class GuardedHttpAgent extends HttpAgent {
  readonly #connect: Connect;

  constructor(connect: Connect) {
    super({ keepAlive: true });
    this.#connect = connect;
  }

  override createConnection(options: ClientRequestArgs, done: Done): undefined {
    this.#connect(options).then((socket) => done(null, socket), done as (error: Error) => void);
  }
}

class GuardedHttpsAgent extends HttpsAgent {
  readonly #connect: Connect;

  constructor(connect: Connect) {
    super({ keepAlive: true });
    this.#connect = connect;
  }

  override createConnection(options: RequestOptions, done: Done): undefined {
    const secure = (socket: Socket) => super.createConnection({ ...options, socket } as RequestOptions);
    this.#connect(options)
      .then(secure)
      .then((socket) => done(null, socket as Duplex), done as (error: Error) => void);
  }
}
