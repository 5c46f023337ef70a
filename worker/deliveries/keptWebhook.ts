import { SecretReference } from '../../shared/wire/secret.ts';
import { type Sealer, sealer } from '../sealer.ts';

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

/**
 * With a key that all workers share, what the job says of a webhook is sealed before Redis gets it. Otherwise it waits
 * there as it is in the job. A secret that the job only names is looked up when a message is sent.
 */
export function webhookKeeper(
  sealKey: string | null,
  secretsOf: (tenant: string | null) => (name: string) => Promise<string>,
): WebhookKeeper {
  const seals = sealKey === null ? null : sealer(sealKey, 'webhook');
  return {
    keep: ({ url, secret, tenant }) => {
      const kept = secret instanceof SecretReference ? { name: secret.secret, tenant } : secret;
      if (seals === null) return { url, secret: kept, sealed: null };
      return {
        url: new URL(url).origin,
        secret: null,
        sealed: seals.seal(JSON.stringify({ url, secret: kept })),
      };
    },
    open: async (kept) => {
      // What an earlier version has kept is never sealed.
      const { url, secret } = kept.sealed ? opened(kept.sealed, seals) : kept;
      if (typeof secret !== 'object' || secret === null) return { url, secret };
      return { url, secret: await secretsOf(secret.tenant)(secret.name) };
    },
  };
}

function opened(sealed: string, seals: Sealer | null): Omit<KeptWebhook, 'sealed'> {
  if (seals === null) throw new Error('the webhook is sealed, and this worker has no COMPOSITOR_SEAL_KEY');
  return JSON.parse(seals.unseal(sealed));
}
