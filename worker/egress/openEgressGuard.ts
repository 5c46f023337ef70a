import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError, Server } from 'proxy-chain';
import { messageOf } from '../recordingError.ts';
import { connectAllowed } from './connectAllowed.ts';
import { EgressRefusal } from './egressRefusal.ts';
import { canonicalHost, type EgressRules } from './egressRules.ts';
import { forwardingAgent } from './forwardingAgent.ts';
import { asFailure, type EgressFailure, noteFailures } from './noteFailures.ts';
import { targetOf } from './targetOf.ts';
import { tunnelTo } from './tunnelTo.ts';

/** A browser opens fewer at once by itself. More would use up what the worker may have open. */
const MOST_CONNECTIONS = 512;
/** proxy-chain, a tunnel and its two pipes listen to one connection more often than Node takes for usual. */
const MOST_LISTENERS = 30;

/** The only way out of one browser: a proxy on loopback that connects to nothing but what the rules allow. */
export interface EgressGuard {
  /** The proxy's address for the browser's command line. */
  readonly url: string;
  /** Lets the browser reach this origin although the rules do not, such as that of the worker's own layout app. */
  alsoAllow(origin: string): void;
  /** Calls the listener once for each host and port that is refused, also for those before. */
  listen(listener: (refusal: EgressRefusal) => void): void;
  /**
   * Why the browser could not reach an address lately, or was not allowed to; null where neither is so. The browser itself
   * may have refused it before it asked.
   */
  failureOf(url: string): Promise<EgressFailure | null>;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** `host` is a name or an address, `source` the browser's connection. */
type Connect = (host: string, port: number, source: Socket) => Promise<Socket>;

/** Opens a guard on a free loopback port. Nothing that a browser or a server sends can make it throw. */
export async function openEgressGuard(rules: EgressRules): Promise<EgressGuard> {
  const own = new Map<string, readonly string[]>();
  const failures = noteFailures();

  async function resolve(host: string, port: number): Promise<readonly string[]> {
    return own.get(`${canonicalHost(host)}:${port}`) ?? rules.resolve(host, port);
  }

  const server = createProxy(async (host, port, source) => {
    try {
      const socket = await connectWhileOpen({ resolve }, { host, port }, source);
      failures.forget(host, port);
      return socket;
    } catch (error) {
      failures.note(host, port, error);
      throw error;
    }
  });
  await server.listen();
  server.server.on('error', () => {}); // of a connection that it could not accept
  const unprotect = rules.protect(server.port);

  return {
    url: `http://127.0.0.1:${server.port}`,
    alsoAllow: (origin) => {
      const { host, port } = targetOf(origin);
      own.set(`${canonicalHost(host)}:${port}`, [canonicalHost(host)]);
    },
    listen: failures.listen,
    failureOf: async (url) => {
      if (!URL.canParse(url)) return null;
      const { host, port } = targetOf(url);
      const failure = failures.of(host, port);
      if (failure) return failure;
      const error = await resolve(host, port).then(() => null, asFailure);
      return error?.isRefused ? error : null;
    },
    close: async () => {
      unprotect();
      await server.close(true);
    },
  };
}

function createProxy(connect: Connect): Server {
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    authRealm: 'call-compositor',
    prepareRequestFunction: async ({ request, hostname, port, isHttp }) => {
      const source = sourceOf(request);
      if (server.connections.size > MOST_CONNECTIONS) throw new RequestError('too many connections', 503);
      if (isHttp) return { httpAgent: forwardingAgent((host, at) => connect(host, at, source), source) };
      try {
        return { customConnectServer: tunnelTo(await connect(hostname, port, source), source) };
      } catch (error) {
        throw new RequestError(messageOf(error), error instanceof EgressRefusal ? 403 : 502);
      }
    },
  });
  return server;
}

/** Gives up when the browser does. */
async function connectWhileOpen(
  rules: Pick<EgressRules, 'resolve'>,
  target: { readonly host: string; readonly port: number },
  source: Socket,
): Promise<Socket> {
  const abandoned = new AbortController();
  const abandon = () => abandoned.abort();
  source.once('close', abandon);
  try {
    return await connectAllowed(rules, { ...target, signal: abandoned.signal });
  } finally {
    source.off('close', abandon);
  }
}

/** The browser's connection. It stays after the request, and with it the listener that keeps errors from being thrown. */
function sourceOf({ socket }: IncomingMessage): Socket {
  socket.setMaxListeners(MOST_LISTENERS);
  if (socket.listenerCount('error') < 2) socket.on('error', () => {});
  return socket;
}
