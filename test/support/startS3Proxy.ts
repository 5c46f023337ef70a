import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server in front of another one, which can be told to fail. */
export interface S3Proxy {
  /** Its address. The host in a request stays as the client wrote it, so its signature stays valid. */
  readonly endpoint: string;
  /** Answers 503 from now on, or passes everything on again. */
  beUnwell(isUnwell: boolean): void;
  /** How many requests were answered 503. */
  refusedCount(): number;
  /** The requests that were passed on, in order: method and address, as in `PUT /bucket/key?partNumber=2`. */
  passedOn(): readonly string[];
  close(): Promise<void>;
}

/** Starts a proxy on loopback in front of the server at `endpoint`. */
export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  let isUnwell = false;
  let refused = 0;
  const passedOn: string[] = [];
  const server = createServer((incoming, outgoing) => {
    if (isUnwell) {
      refused += 1;
      refuse(incoming, outgoing);
    } else {
      passedOn.push(`${incoming.method} ${incoming.url}`);
      passOn(endpoint, incoming, outgoing);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    beUnwell: (now) => {
      isUnwell = now;
    },
    refusedCount: () => refused,
    passedOn: () => passedOn,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse): void {
  // The body is read to its end, because a client that is cut off while it sends would see a broken
  // connection instead.
  incoming.resume().once('end', () => outgoing.writeHead(503).end());
}

function passOn(endpoint: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers } = incoming;
  const onward = request(new URL(incoming.url ?? '/', endpoint), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.once('error', () => outgoing.destroy());
  incoming.pipe(onward);
}
