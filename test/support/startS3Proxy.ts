import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server in front of another one, which can be told to fail. */
export interface S3Proxy {
  /** Its address. The host in a request stays as the client wrote it, so its signature stays valid. */
  readonly endpoint: string;
  /** Answers every request with this status from now on, or not at all, or passes everything on again. */
  answer(how: Answer): void;
  /** How many requests were not passed on. */
  refusedCount(): number;
  /** The requests that were passed on, in order: method and address, as in `PUT /bucket/key?partNumber=2`. */
  passedOn(): readonly string[];
  close(): Promise<void>;
}

export type Answer = number | 'never' | 'well';

/** Starts a proxy on loopback in front of the server at `endpoint`. */
export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  let how: Answer = 'well';
  let refused = 0;
  const passedOn: string[] = [];
  const server = createServer((incoming, outgoing) => {
    if (how !== 'well') {
      refused += 1;
      if (how !== 'never') refuse(incoming, outgoing, how);
    } else {
      passedOn.push(`${incoming.method} ${incoming.url}`);
      passOn(endpoint, incoming, outgoing);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (now) => {
      how = now;
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

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, status: number): void {
  // The body is read to its end, because a client that is cut off while it sends would see a broken
  // connection instead.
  incoming.resume().once('end', () => outgoing.writeHead(status).end());
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
