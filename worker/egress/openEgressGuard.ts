import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError, Server } from 'proxy-chain';
import { messageOf } from '../recordingError.ts';
import { connectAllowed } from './connectAllowed.ts';
import { EgressRefusal } from './egressRefusal.ts';
import { canonicalHost, type EgressRules } from './egressRules.ts';
import { forwardingAgent } from './forwardingAgent.ts';
import { tunnelTo } from './tunnelTo.ts';

/** A browser opens fewer at once by itself. More would use up what the worker may have open. */
const MOST_CONNECTIONS = 512;
/** Hosts whose failure is remembered; of more, the oldest is forgotten. */
const MOST_FAILURES = 200;

/** proxy-chain, a tunnel and its two pipes listen to one connection more often than Node takes for usual. */
const MOST_LISTENERS = 30;

/** Why a browser could not reach an address. */
export interface EgressFailure {
  /** Whether the rules forbid the address; otherwise it could not be reached. */
  readonly isRefused: boolean;
  /** What failed, on which host and port. */
  readonly reason: string;
}

/** The only way out of one browser: a proxy on loopback that connects to nothing but what the rules allow. */
export interface EgressGuard {
  /** The proxy's address for the browser's command line. */
  readonly url: string;
  /** Lets the browser reach this origin although the rules do not, such as that of the worker's own layout app. */
  alsoAllow(origin: string): void;
  /** Calls the listener once for each host and port that is refused, also for those before. */
  listen(listener: (refusal: EgressRefusal) => void): void;
  /** Why the browser could lately not reach an address; null where it could, or did not try. */
  failureOf(url: string): EgressFailure | null;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** Opens a guard on a free loopback port. Nothing that a browser or a server sends can make it throw. */
export async function openEgressGuard(rules: EgressRules): Promise<EgressGuard> {
  const own = new Map<string, readonly string[]>();
  const failures = new Map<string, EgressFailure>();
  const refusals = new Map<string, EgressRefusal>();
  const listeners: ((refusal: EgressRefusal) => void)[] = [];

  async function resolve(host: string, port: number): Promise<readonly string[]> {
    return own.get(`${canonicalHost(host)}:${port}`) ?? rules.resolve(host, port);
  }

  async function connect(host: string, port: number, source: Socket): Promise<Socket> {
    const abandoned = new AbortController();
    const abandon = () => abandoned.abort();
    source.once('close', abandon);
    try {
      const socket = await connectAllowed({ resolve }, { host, port, signal: abandoned.signal });
      failures.delete(keyOf(host, port));
      return socket;
    } catch (error) {
      noteFailure(host, port, error);
      throw error;
    } finally {
      source.off('close', abandon);
    }
  }

  function noteFailure(host: string, port: number, error: unknown): void {
    const key = keyOf(host, port);
    failures.delete(key);
    failures.set(key, { isRefused: error instanceof EgressRefusal, reason: messageOf(error) });
    if (failures.size > MOST_FAILURES) failures.delete(failures.keys().next().value as string);
    if (!(error instanceof EgressRefusal) || refusals.has(key) || refusals.size >= MOST_FAILURES) return;
    refusals.set(key, error);
    for (const listener of listeners) listener(error);
  }

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
  await server.listen();
  server.server.on('error', () => {}); // of a connection that it could not accept
  const unprotect = rules.protect(server.port);

  return {
    url: `http://127.0.0.1:${server.port}`,
    alsoAllow: (origin) => {
      const { hostname, port } = new URL(origin);
      own.set(`${canonicalHost(hostname)}:${port || 80}`, [canonicalHost(hostname)]);
    },
    listen: (listener) => {
      for (const refusal of refusals.values()) listener(refusal);
      listeners.push(listener);
    },
    failureOf: (url) => {
      if (!URL.canParse(url)) return null;
      const { hostname, port, protocol } = new URL(url);
      const usual = ['https:', 'wss:'].includes(protocol) ? 443 : 80;
      return failures.get(keyOf(hostname, Number(port) || usual)) ?? null;
    },
    close: async () => {
      unprotect();
      await server.close(true);
    },
  };
}

function keyOf(host: string, port: number): string {
  return `${host.toLowerCase()}:${port}`;
}

/** The browser's connection. It stays after the request, and with it the listener that keeps errors from being thrown. */
function sourceOf({ socket }: IncomingMessage): Socket {
  socket.setMaxListeners(MOST_LISTENERS);
  if (socket.listenerCount('error') < 2) socket.on('error', () => {});
  return socket;
}
