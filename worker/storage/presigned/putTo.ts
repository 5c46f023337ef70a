import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { openRequest, type RequestHead } from '../objects/openRequest.ts';
import { readError } from './readError.ts';

/** A server that knows nothing of `Expect` does not answer it, so the bytes are sent after this long all the same. */
const ANSWER_EXPECTED_MS = 2_000;
/** A server that does not want what it has asked for says so at once, when it has the first bytes. */
const REFUSAL_EXPECTED_MS = 3_000;

export interface PutRequest extends Omit<RequestHead, 'method' | 'headers'> {
  readonly url: string;
  readonly mediaType: string;
  readonly lengthBytes: number;
  /** Whether a server that asks for the bytes is given time to refuse the first of them, before it is sent the others. */
  readonly isCareful: boolean;
}

/**
 * Sends bytes by one PUT, once the server has said that it wants them: one that refuses the address says so before
 * gigabytes are sent in vain. Where a server asks for the bytes first and refuses them then, it may have closed the connection
 * before its answer can be read, because what is being written fails first; that is an error of the connection, and whoever
 * is careful the next time can read the answer. Throws StoreError with what the server answers, also
 * where it redirects: a signature is for one address. Whoever answers well without the bytes is no store: a proxy, for
 * example, that wants somebody to sign in. No message names the address.
 */
export async function putTo(given: PutRequest, body: () => AsyncIterable<Uint8Array>): Promise<void> {
  const outgoing = openPut(given);
  const answer = answerTo(outgoing);
  const bytes = given.isCareful ? () => withPause(body(), answer, given.signal) : body;
  try {
    const isWanted = given.lengthBytes === 0 || (await mayBegin(outgoing, answer, given.signal));
    const sent = isWanted ? pipeline(Readable.from(bytes()), outgoing) : null;
    sent?.catch(() => {}); // a server that refuses the bytes need not take them all
    const incoming = await Promise.race([answer, sent?.then(() => answer) ?? answer]);
    const status = incoming.statusCode ?? 0;
    if (status < 200 || status > 299) throw await readError(incoming, status);
    if (sent === null) throw new Error(`the server answered ${status} without taking the bytes`);
    await sent;
  } finally {
    outgoing.destroy(); // whatever is left of the request or of the answer
  }
}

function openPut({ url, mediaType, lengthBytes, ...rest }: PutRequest): ClientRequest {
  const headers = {
    'content-type': mediaType,
    'content-length': lengthBytes,
    ...(lengthBytes > 0 ? { expect: '100-continue' } : {}),
    ...headersFor(url),
  };
  return openRequest({ ...rest, url, method: 'PUT', headers });
}

/** A shared access signature of Azure is for an object whose kind the request has to name. */
function headersFor(url: string): Record<string, string> {
  const query = new URL(url).searchParams;
  return query.has('sig') && query.has('sv') ? { 'x-ms-blob-type': 'BlockBlob' } : {};
}

function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject); // it stays, because a destroyed request may still tell of an error
  });
  answer.catch(() => {});
  return answer;
}

/** The same bytes, of which those behind the first ones wait for an answer, for a moment. */
async function* withPause(
  bytes: AsyncIterable<Uint8Array>,
  answer: Promise<IncomingMessage>,
  signal: AbortSignal,
): AsyncIterable<Uint8Array> {
  let hasPaused = false;
  for await (const piece of bytes) {
    yield piece;
    if (hasPaused || piece.byteLength === 0) continue;
    hasPaused = true;
    await Promise.race([answer, wait(REFUSAL_EXPECTED_MS, null, { signal, ref: false })]);
  }
}

/** Whether the server wants the bytes, or says nothing; it does not where it answers at once. */
async function mayBegin(
  outgoing: ClientRequest,
  answer: Promise<IncomingMessage>,
  signal: AbortSignal,
): Promise<boolean> {
  const over = new AbortController();
  const either = { signal: AbortSignal.any([signal, over.signal]) };
  outgoing.flushHeaders();
  try {
    return await Promise.race([
      answer.then(() => false),
      once(outgoing, 'continue', either).then(() => true),
      wait(ANSWER_EXPECTED_MS, true, { ...either, ref: false }),
    ]);
  } finally {
    over.abort();
  }
}
