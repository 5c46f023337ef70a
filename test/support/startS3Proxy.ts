import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** An HTTP server in front of another one, which can be told to fail. */
export interface S3Proxy {
  /** Its address. The host in a request stays as the client wrote it, so its signature stays valid. */
  readonly endpoint: string;
  /**
   * Answers requests with this status from now on, or not at all, or passes everything on again. If `only` is
   * given, the other requests are passed on; an expression is compared with method and address.
   */
  answer(how: Answer, only?: RegExp | Concerned): void;
  /** Reads at most so many bytes of each request in a second from now on. */
  slowDown(bytesPerSecond: number): void;
  /** How many requests were not passed on. */
  refusedCount(): number;
  /** The requests that were passed on, in order: method and address, as in `PUT /bucket/key?partNumber=2`. */
  passedOn(): readonly string[];
  /** The headers of these requests. */
  headers(): readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** Whether a request is meant. */
type Concerned = (request: IncomingMessage) => boolean;

/** A status, or a status and the code of S3 that stands in the answer. */
export type Answer = number | `${number} ${string}` | 'never' | 'well';

/**
 * Starts a proxy on loopback in front of the server at `endpoint`. If `wantsEqualParts`, it refuses to complete
 * an object of parts that differ in length, as Cloudflare R2 does. Only the last part may be shorter.
 */
export async function startS3Proxy(endpoint: string, wantsEqualParts = false): Promise<S3Proxy> {
  const lengths = new Map<number, number>();
  let how: Answer = 'well';
  let isConcerned: Concerned = () => true;
  let bytesPerSecond = Number.POSITIVE_INFINITY;
  let refused = 0;
  const passedOn: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const line = lineOf(incoming);
    if (how !== 'well' && isConcerned(incoming)) {
      refused += 1;
      if (how !== 'never') refuse(incoming, outgoing, how);
    } else {
      const part = /^PUT .*partNumber=(\d+)/.exec(line)?.[1];
      if (part) lengths.set(Number(part), Number(incoming.headers['content-length']));
      const completes = wantsEqualParts && /^POST .*uploadId=/.test(line);
      const body = completes ? await readBody(incoming) : null;
      if (body && !areEqual(body, lengths)) {
        refused += 1;
        return refuse(incoming, outgoing, '400 InvalidPart');
      }
      passedOn.push(line);
      headers.push(incoming.headers);
      passOn(endpoint, incoming, outgoing, body ? [body] : slowly(incoming, () => bytesPerSecond));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: (now, only = /./) => {
      how = now;
      isConcerned = only instanceof RegExp ? (incoming) => only.test(lineOf(incoming)) : only;
    },
    slowDown: (to) => {
      bytesPerSecond = to;
    },
    refusedCount: () => refused,
    passedOn: () => passedOn,
    headers: () => headers,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function lineOf({ method, url }: IncomingMessage): string {
  return `${method} ${url}`;
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, answer: number | string): void {
  const [status, code] = String(answer).split(' ');
  const body = code ? `<Error><Code>${code}</Code><Message>by the proxy</Message></Error>` : '';
  // The body is read to its end, because a client that is cut off while it sends would see a broken
  // connection instead.
  const end = () => outgoing.writeHead(Number(status)).end(body);
  if (incoming.readableEnded) end();
  else incoming.resume().once('end', end);
}

async function* slowly(incoming: IncomingMessage, bytesPerSecond: () => number): AsyncIterable<Buffer> {
  for await (const bytes of incoming) {
    if (bytesPerSecond() < Number.POSITIVE_INFINITY) await pause((bytes.length / bytesPerSecond()) * 1000);
    yield bytes;
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await incoming.toArray());
}

/** Whether the parts that a request names are equally long, except for the last. */
function areEqual(request: Buffer, lengths: ReadonlyMap<number, number>): boolean {
  const numbers = [...String(request).matchAll(/<PartNumber>(\d+)/g)].map((match) => Number(match[1]));
  const named = numbers.map((number) => lengths.get(number) ?? 0);
  const first = named[0] ?? 0;
  return named.slice(0, -1).every((length) => length === first) && (named.at(-1) ?? 0) <= first;
}

function passOn(
  endpoint: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: AsyncIterable<Buffer> | Iterable<Buffer>,
): void {
  const { method, headers } = incoming;
  const onward = request(new URL(incoming.url ?? '/', endpoint), { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    pipeline(answer, outgoing).catch(() => outgoing.destroy());
  });
  pipeline(body, onward).catch(() => {
    if (!outgoing.headersSent) outgoing.destroy();
  });
}
