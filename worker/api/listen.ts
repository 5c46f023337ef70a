import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import type { ApiApp } from './http/routes.ts';

/** A client that sends its headers or its body slower than this is cut off. */
const HEADERS_LIMIT_MS = 10_000;
const REQUEST_LIMIT_MS = 60_000;
/** Requests only read and write Redis; a download that takes longer can be gone on with elsewhere, by its range. */
const CLOSE_LIMIT_MS = 5_000;
const CLOSE_IDLE_EVERY_MS = 100;
/** Whoever is connected sends a token, and nothing larger. */
const MOST_IN_A_MESSAGE = 65_536;
/** The server goes away: clients connect to another one. */
const GOING_AWAY = 1001;

export interface ListeningApi {
  readonly url: string;
  /** Takes no more requests, and resolves once the running ones are answered, or were cut off after 5 s. */
  close(): Promise<void>;
}

/** Opens the port of the server. Throws if it cannot listen on the address. */
export async function listen(app: ApiApp, address: string): Promise<ListeningApi> {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon).replace(/^\[|\]$/g, '');
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_IN_A_MESSAGE });
  const server = await new Promise<Server>((resolve, reject) => {
    const given = {
      ...{ fetch: app.fetch, hostname: host, port: Number(address.slice(colon + 1)) },
      websocket: { server: sockets },
    };
    const opened = serve(given, () => resolve(opened)) as Server;
    opened.headersTimeout = HEADERS_LIMIT_MS;
    opened.requestTimeout = REQUEST_LIMIT_MS;
    opened.once('error', (error) =>
      reject(new Error(`The server cannot listen on ${address}: ${error.message}`)),
    );
  });
  const taken = server.address();
  const port = typeof taken === 'object' && taken !== null ? taken.port : 0;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      for (const socket of sockets.clients) socket.close(GOING_AWAY);
      const timer = setTimeout(() => server.closeAllConnections(), CLOSE_LIMIT_MS);
      // A connection whose request is answered meanwhile would wait for another one.
      const idle = setInterval(() => server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
      await closed;
      clearInterval(idle);
      clearTimeout(timer);
    },
  };
}
