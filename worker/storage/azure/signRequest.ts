import { createHmac } from 'node:crypto';

/** The headers whose values a signature covers, in this order, and those that begin with `x-ms-`. */
const SIGNED = [
  'content-encoding',
  'content-language',
  'content-length',
  'content-md5',
  'content-type',
  'date',
  'if-modified-since',
  'if-match',
  'if-none-match',
  'if-unmodified-since',
  'range',
];

/**
 * The header `authorization` of a request that is signed with the key of its account (Shared Key).
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 */
export function signRequest(
  { account, key }: { readonly account: string; readonly key: string },
  method: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
): string {
  const own = Object.keys(headers).filter((name) => name.startsWith('x-ms-'));
  const lines = [
    method,
    ...SIGNED.map((name) => headers[name] ?? ''),
    ...own.sort().map((name) => `${name}:${headers[name]}`),
    `/${account}${url.pathname}`,
    ...[...url.searchParams].sort(([one], [other]) => (one < other ? -1 : 1)).map((pair) => pair.join(':')),
  ];
  return `SharedKey ${account}:${signatureOf(key, lines.join('\n'))}`;
}

/** `key` is in base64, as Azure shows it. */
export function signatureOf(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64')).update(text, 'utf8').digest('base64');
}
