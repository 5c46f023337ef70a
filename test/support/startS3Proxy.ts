import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server in front of another one, which can be told to fail. */
export interface S3Proxy {
  /** Its address. The host in a request stays as the client wrote it, so its signature stays valid. */
  readonly endpoint: string;
  /**
   * Answers requests with this status from now on, or not at all, or passes everything on again. If `only` is
   * given, the other requests are passed on; it is compared with method and address.
   */
  answer(how: Answer, only?: RegExp): void;
  /** How many requests were not passed on. */
  refusedCount(): number;
  /** The requests that were passed on, in order: method and address, as in `PUT /bucket/key?partNumber=2`. */
  passedOn(): readonly string[];
  close(): Promise<void>;
}

/** A status, or a status and the code of S3 that stands in the answer. */
export type Answer = number | `${number} ${string}` | 'never' | 'well';

/** Starts a proxy on loopback in front of the server at `endpoint`. */
export async function startS3Proxy(endpoint: string): Promise<S3Proxy> {
  let how: Answer = 'well';
  let concerned = /./;
  let refused = 0;
  const passedOn: string[] = [];
  const server = createServer((incoming, outgoing) => {
    const line = `${incoming.method} ${incoming.url}`;
    if (how !== 'well' && concerned.test(line)) {
      refused += 1;
      if (how !== 'never') refuse(incoming, outgoing, how);
    } else {
      passedOn.push(line);
      passOn(endpoint, incoming, outgoing);
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (now, only = /./) => {
      how = now;
      concerned = only;
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

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, answer: number | string): void {
  const [status, code] = String(answer).split(' ');
  const body = code ? `<Error><Code>${code}</Code><Message>by the proxy</Message></Error>` : '';
  // The body is read to its end, because a client that is cut off while it sends would see a broken
  // connection instead.
  incoming.resume().once('end', () => outgoing.writeHead(Number(status)).end(body));
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
