import { isIPv6, type LookupFunction, type Socket, connect as tcpConnect } from 'node:net';
import type { EgressRules } from './egressRules.ts';

const CONNECT_LIMIT_MS = 30_000;
/** After so long the next address of a host is tried. */
const NEXT_ADDRESS_AFTER_MS = 1_000;

/**
 * Resolves a host once and connects to what was checked, never to what the name means later. Throws EgressRefusal, or
 * what the look-up or the connection fails with. Whoever gets the socket listens to its errors.
 */
export async function connectAllowed(
  rules: Pick<EgressRules, 'resolve'>,
  { host, port, signal }: { readonly host: string; readonly port: number; readonly signal?: AbortSignal },
): Promise<Socket> {
  const addresses = await rules.resolve(host, port);
  signal?.throwIfAborted();
  return connectTo(addresses, port, signal);
}

function connectTo(addresses: readonly string[], port: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tcpConnect({
      host: 'checked.invalid', // never resolved: the look-up is the list of checked addresses
      port,
      lookup: lookUpIn(addresses),
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
      noDelay: true,
    });
    const giveUp = (error: Error) => socket.destroy(error);
    const timer = setTimeout(
      () => giveUp(new Error(`no connection within ${CONNECT_LIMIT_MS} ms`)),
      CONNECT_LIMIT_MS,
    );
    const abort = () => giveUp(new Error('nobody waits for the connection any more'));
    signal?.addEventListener('abort', abort, { once: true });
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    socket.on('error', (error) => {
      done();
      reject(error);
    });
    socket.once('connect', () => {
      done();
      resolve(socket);
    });
  });
}

/** Answers with these addresses whatever is asked. */
function lookUpIn(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, { all: wantsAll }, callback) => {
    const [first] = all;
    if (wantsAll) callback(null, all);
    else callback(null, first?.address ?? '', first?.family);
  };
}
