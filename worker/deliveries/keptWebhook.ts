import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { SecretReference } from '../../shared/wire/secret.ts';

/** A webhook as the job describes it, and on whose behalf. */
export interface Webhook {
  readonly url: string;
  readonly secret: string | SecretReference | null;
  readonly tenant: string | null;
}

/** A webhook as it waits in Redis with each of its deliveries. */
export interface KeptWebhook {
  /** Its address; only the origin of it where it is sealed. */
  readonly url: string;
  /** `whsec_…`, as Standard Webhooks defines it, or the name of it; null if messages are not signed, or if it is sealed. */
  readonly secret: string | NamedSecret | null;
  /** Address and secret, sealed with a key that is not in Redis; null where the worker has no such key. */
  readonly sealed: string | null;
}

interface NamedSecret {
  readonly name: string;
  readonly tenant: string | null;
}

/** What a message is sent to, and signed with. */
export type OpenedWebhook = Readonly<{ url: string; secret: string | null }>;

/** How webhooks are kept while messages wait for them. */
export interface WebhookKeeper {
  keep(webhook: Webhook): KeptWebhook;
  /** Throws an Error if this worker does not have the key or the secret; another one may. */
  open(kept: KeptWebhook): Promise<OpenedWebhook>;
}

const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * With a key that all workers share, what the job says of a webhook is sealed before Redis gets it. Otherwise it waits
 * there as it is in the job. A secret that the job only names is looked up when a message is sent.
 */
export function webhookKeeper(
  sealKey: string | null,
  secretsOf: (tenant: string | null) => (name: string) => Promise<string>,
): WebhookKeeper {
  const keys = sealKey === null ? null : keysFrom(sealKey);
  return {
    keep: ({ url, secret, tenant }) => {
      const kept = secret instanceof SecretReference ? { name: secret.secret, tenant } : secret;
      if (keys === null) return { url, secret: kept, sealed: null };
      return {
        url: new URL(url).origin,
        secret: null,
        sealed: seal(JSON.stringify({ url, secret: kept }), keys),
      };
    },
    open: async (kept) => {
      // What an earlier version has kept is never sealed.
      const { url, secret } = kept.sealed ? unsealed(kept.sealed, keys) : kept;
      if (typeof secret !== 'object' || secret === null) return { url, secret };
      return { url, secret: await secretsOf(secret.tenant)(secret.name) };
    },
  };
}

interface Keys {
  readonly encryption: Uint8Array;
  readonly nonces: Uint8Array;
}

function keysFrom(sealKey: string): Keys {
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', sealKey, '', `call-compositor ${purpose}`, 32));
  return { encryption: derive('webhook'), nonces: derive('webhook nonce') };
}

/**
 * The same text is always sealed in the same way, so that Redis can recognise a delivery that is put in twice. The nonce
 * is therefore made from the text: no two texts get the same one.
 */
function seal(text: string, { encryption, nonces }: Keys): string {
  const nonce = createHmac('sha256', nonces).update(text).digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, encryption, nonce);
  const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return bytes.toString('base64');
}

function unsealed(sealed: string, keys: Keys | null): Omit<KeptWebhook, 'sealed'> {
  if (keys === null) throw new Error('the webhook is sealed, and this worker has no COMPOSITOR_SEAL_KEY');
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, keys.encryption, bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return JSON.parse(Buffer.concat(text).toString());
  } catch (error) {
    throw new Error('the webhook was sealed with another COMPOSITOR_SEAL_KEY than the one of this worker', {
      cause: error,
    });
  }
}
