import type { IncomingMessage } from 'node:http';
import { errorIn } from '../objects/errorIn.ts';
import type { StoreError } from '../objects/storeErrors.ts';

/** Stores answer with less. In bytes. */
const MOST_READ_BYTES = 16_384;

/** What an answer says is wrong. */
export async function readError(incoming: IncomingMessage, status: number): Promise<StoreError> {
  const { headers, statusMessage: reason = '' } = incoming;
  return errorIn({ status, headers, reason, text: await beginningOf(incoming) });
}

async function beginningOf(incoming: IncomingMessage): Promise<string> {
  const read: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming) {
      read.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_READ_BYTES) break;
    }
  } catch {
    // The status says enough where the rest does not arrive.
  }
  return Buffer.concat(read).toString('utf8');
}
