import { createHash, generateKeyPairSync, type KeyObject, randomUUID, verify } from 'node:crypto';
import { jwtVerify } from 'jose';
import { encoded } from './signForS3.ts';

/** What a service account may do; nobody may look at a bucket itself, which roles for objects do not allow. */
const ROLES = {
  objectAdmin: /^storage\.(objects|multipartUploads)\./,
  objectViewer: /^storage\.objects\.(get|list)$/,
} as const;
const SCOPE = 'https://www.googleapis.com/auth/devstorage.read_write';
const MOST_S = 3600;

/** Service accounts as Google has them: with keys, with tokens that are handed out for these, and with a role. */
export interface GoogleAccounts {
  /** The JSON of the key of a new account. */
  create(role: keyof typeof ROLES): string;
  /** Answers a request to `token_uri`: the status, and the JSON. */
  tokenFor(form: URLSearchParams, tokenUri: string): Promise<readonly [number, object]>;
  /** Whose token it is; null where it is none, or is over. */
  holderOf(token: string): string | null;
  /** Who has signed an address; null where nobody has, or it is over. */
  signerOf(request: { readonly method: string; readonly host: string; readonly url: string }): string | null;
  may(email: string, permission: string): boolean;
  /** The accounts that got a token, or were refused one, in order. */
  asked(): readonly string[];
  /** No token that was handed out is taken any more. */
  expireTokens(): void;
  /** For how long, in seconds, tokens hold from now on. */
  letTokensLive(seconds: number): void;
}

/** `tokenUri` is what the keys name. */
export function googleAccounts(tokenUri: string): GoogleAccounts {
  const keys = new Map<string, { readonly key: KeyObject; readonly role: keyof typeof ROLES }>();
  const tokens = new Map<string, { readonly email: string; readonly untilMs: number }>();
  const asked: string[] = [];
  let livesS = MOST_S;
  const publicKey = (email: string) => keys.get(email)?.key;

  return {
    create: (role) => {
      const email = `${role.toLowerCase()}-${keys.size}@a-project.iam.gserviceaccount.com`;
      const { publicKey: key, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      keys.set(email, { key, role });
      return JSON.stringify({
        ...{ type: 'service_account', project_id: 'a-project', private_key_id: randomUUID() },
        private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
        ...{ client_email: email, client_id: '1', token_uri: tokenUri, universe_domain: 'googleapis.com' },
      });
    },
    tokenFor: async (form, audience) => {
      try {
        if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
          throw new Error('wrong grant type');
        const email = await assertedBy(String(form.get('assertion')), audience, publicKey);
        asked.push(email);
        const token = `ya29.${randomUUID()}`;
        tokens.set(token, { email, untilMs: Date.now() + livesS * 1000 });
        return [200, { access_token: token, expires_in: livesS, token_type: 'Bearer' }];
      } catch {
        asked.push('refused');
        return [400, { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }];
      }
    },
    holderOf: (token) => {
      const found = tokens.get(token);
      return found && found.untilMs > Date.now() ? found.email : null;
    },
    signerOf: (request) => signedBy(request, publicKey),
    may: (email, permission) => ROLES[keys.get(email)?.role ?? 'objectViewer'].test(permission),
    asked: () => asked,
    expireTokens: () => tokens.clear(),
    letTokensLive: (seconds) => {
      livesS = seconds;
    },
  };
}

type PublicKey = (email: string) => KeyObject | undefined;

/** Who asks for a token. Throws where the assertion is not as Google wants it. */
async function assertedBy(assertion: string, audience: string, publicKey: PublicKey): Promise<string> {
  const [, claims = ''] = assertion.split('.');
  const email = String(JSON.parse(Buffer.from(claims, 'base64url').toString()).iss);
  const requiredClaims = ['iat', 'exp', 'scope'];
  const expected = { audience, issuer: email, algorithms: ['RS256'], requiredClaims };
  const { payload } = await jwtVerify(assertion, publicKey(email) as KeyObject, expected);
  if (payload.scope !== SCOPE) throw new Error('wrong scope');
  if (Number(payload.exp) - Number(payload.iat) > MOST_S) throw new Error('asks for too long');
  return email;
}

/** https://cloud.google.com/storage/docs/authentication/signatures, read from the address as it arrived. */
function signedBy(
  { method, host, url }: Parameters<GoogleAccounts['signerOf']>[0],
  publicKey: PublicKey,
): string | null {
  const [path = '', search = ''] = url.split('?');
  const query = new URLSearchParams(search);
  const get = (name: string) => query.get(`X-Goog-${name}`) ?? '';
  const [email = '', day, ...scope] = get('Credential').split('/');
  const time = get('Date');
  const iso = time.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
  const isInTime = Date.parse(iso) + Number(get('Expires')) * 1000 > Date.now();
  const isScope = scope.join('/') === 'auto/storage/goog4_request' && time.startsWith(String(day));
  const key = publicKey(email);
  const isEncoded = path.split('/').every((name) => encoded(decodeURIComponent(name)) === name);
  if (!key || !isInTime || !isScope || !isEncoded || get('SignedHeaders') !== 'host') return null;
  const signed = search.split('&').filter((pair) => !pair.startsWith('X-Goog-Signature='));
  const request = [method, path, signed.sort().join('&'), `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'];
  const hash = createHash('sha256').update(request.join('\n')).digest('hex');
  const text = [get('Algorithm'), time, `${day}/${scope.join('/')}`, hash].join('\n');
  const isSigned = verify('RSA-SHA256', Buffer.from(text), key, Buffer.from(get('Signature'), 'hex'));
  return isSigned && get('Algorithm') === 'GOOG4-RSA-SHA256' ? email : null;
}
