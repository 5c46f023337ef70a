import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { errorIn } from './errorIn.ts';
import { openRequest, type RequestHead } from './openRequest.ts';

export interface StoreRequest extends RequestHead {
  readonly body?: Uint8Array;
}

export interface StoreAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
}

/** A part of a recording has no more, and a list has much less. A job may name a server that never ends its answer. */
const MOST_ANSWERED_BYTES = 256 * 1024 * 1024;
/** Of what is wrong, the beginning tells. */
const MOST_TOLD_BYTES = 16_384;

/**
 * Sends a request. Throws StoreError unless the answer has a status of 200 to 299; redirects are not followed. An answer
 * of more than `mostBytes` is not read to its end.
 */
export async function askStore(request: StoreRequest, mostBytes = MOST_ANSWERED_BYTES): Promise<StoreAnswer> {
  const incoming = await answerTo(request);
  const bytes = await bytesOf(incoming, mostBytes);
  const { statusCode: status = 0, headers } = incoming;
  if (status >= 200 && status < 300) return { headers, bytes };
  throw errorIn({
    status,
    headers,
    reason: incoming.statusMessage ?? '',
    text: bytes.toString('utf8', 0, MOST_TOLD_BYTES),
  });
}

async function bytesOf(incoming: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const read: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    read.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`the answer has more than ${mostBytes} bytes`);
  }
  return Buffer.concat(read);
}

function answerTo({ body, headers, ...head }: StoreRequest) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = openRequest({
      ...head,
      headers: { ...headers, 'content-length': body?.byteLength ?? 0 },
    });
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
    outgoing.end(body);
  });
}
