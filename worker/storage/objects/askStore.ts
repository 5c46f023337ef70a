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

/** Sends a request. Throws StoreError unless the answer has a status of 200 to 299; redirects are not followed. */
export async function askStore(request: StoreRequest): Promise<StoreAnswer> {
  const incoming = await answerTo(request);
  const bytes = Buffer.concat(await incoming.toArray());
  const { statusCode: status = 0, headers } = incoming;
  if (status >= 200 && status < 300) return { headers, bytes };
  throw errorIn({ status, headers, reason: incoming.statusMessage ?? '', text: bytes.toString('utf8') });
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
