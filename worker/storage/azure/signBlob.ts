import type { AzureStorageTarget } from '../../../shared/storages/storageTarget.ts';
import { AZURE_VERSION, type AzureClient, addressOf } from './azureClient.ts';
import { signatureOf } from './signRequest.ts';

/** Clocks differ: a signature holds from so long ago. */
const BEFORE_MS = 15 * 60_000;

/**
 * An address at which anyone can do to a blob what the permissions say (`r`, `c`, `w`) for that long: a shared access signature, made with the key of the account,
 * or, for an application, with a key that Azure hands out to it (a user delegation).
 * https://learn.microsoft.com/rest/api/storageservices/create-service-sas, and create-user-delegation-sas
 */
export async function signBlob(
  target: AzureStorageTarget,
  {
    blob,
    expiresS,
    permissions,
  }: { readonly blob: string; readonly expiresS: number; readonly permissions: string },
  send: AzureClient,
  signal: AbortSignal,
): Promise<string> {
  const url = addressOf(target, blob);
  const start = timeOf(Date.now() - BEFORE_MS);
  const expiry = timeOf(Date.now() + expiresS * 1000);
  const resource = `/blob/${target.account}/${target.container}/${blob}`;
  const given = { sp: permissions, st: start, se: expiry };
  const common = { sv: AZURE_VERSION, sr: 'b' };
  const none = (count: number) => Array.from({ length: count }, () => '');
  if (target.accountKey !== null) {
    // Between them: identifier, addresses, protocol; behind them: snapshot, encryption scope, five headers of the answer.
    const signed = [...Object.values(given), resource, ...none(3), ...Object.values(common), ...none(7)];
    const sig = signatureOf(target.accountKey, signed.join('\n'));
    return withQuery(url, { ...given, ...common, sig });
  }
  const { key, ...delegated } = await delegationKey(send, start, expiry, signal);
  // Between them: two object ids, correlation id, addresses, protocol.
  const whose = Object.values(delegated);
  const signed = [
    ...Object.values(given),
    resource,
    ...whose,
    ...none(5),
    ...Object.values(common),
    ...none(7),
  ];
  return withQuery(url, { ...given, ...delegated, ...common, sig: signatureOf(key, signed.join('\n')) });
}

/** A key that signs for the application, with what an address has to say of it, in the order of the signature. */
async function delegationKey(send: AzureClient, start: string, expiry: string, signal: AbortSignal) {
  const body = Buffer.from(
    `<?xml version="1.0" encoding="utf-8"?><KeyInfo><Start>${start}</Start><Expiry>${expiry}</Expiry></KeyInfo>`,
  );
  const query = { restype: 'service', comp: 'userdelegationkey' };
  const { bytes } = await send({ method: 'POST', at: 'account', query, body, signal });
  const text = bytes.toString('utf8');
  const word = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1] ?? '';
  return {
    key: word('Value'),
    ...{ skoid: word('SignedOid'), sktid: word('SignedTid'), skt: word('SignedStart') },
    ...{ ske: word('SignedExpiry'), sks: word('SignedService'), skv: word('SignedVersion') },
  };
}

function withQuery(url: URL, query: Readonly<Record<string, string>>): string {
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** Azure takes no fractions of a second here. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
