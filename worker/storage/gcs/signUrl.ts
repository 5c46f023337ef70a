import { createHash, sign } from 'node:crypto';
import type { ServiceAccount } from './serviceAccount.ts';

const ALGORITHM = 'GOOG4-RSA-SHA256';

/**
 * An address from which anyone can read an object for that long, up to a week, signed with the key of the service account
 * (V4): https://cloud.google.com/storage/docs/authentication/canonical-requests, and signatures. `server` is the address
 * before the bucket, without a slash.
 */
export function signUrl(
  { email, key }: Pick<ServiceAccount, 'email' | 'key'>,
  { server, bucket, name }: { readonly server: string; readonly bucket: string; readonly name: string },
  expiresS: number,
): string {
  const { host, origin, pathname } = new URL(server);
  const path = `${pathname.replace(/\/$/, '')}/${[bucket, ...name.split('/')].map(encoded).join('/')}`;
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/auto/storage/goog4_request`;
  // In the order of their names, as the signature wants them.
  const query = Object.entries({
    'X-Goog-Algorithm': ALGORITHM,
    'X-Goog-Credential': `${email}/${scope}`,
    'X-Goog-Date': time,
    'X-Goog-Expires': String(expiresS),
    'X-Goog-SignedHeaders': 'host',
  })
    .map((pair) => pair.map(encoded).join('='))
    .join('&');
  const request = ['GET', path, query, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const hash = createHash('sha256').update(request).digest('hex');
  const signature = sign('RSA-SHA256', Buffer.from([ALGORITHM, time, scope, hash].join('\n')), key);
  return `${origin}${path}?${query}&X-Goog-Signature=${signature.toString('hex')}`;
}

/** Every sign that means something in an address is percent-encoded, also those that encodeURIComponent leaves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
