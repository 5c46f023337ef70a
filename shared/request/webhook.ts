import { z } from 'zod';
import { HttpAddress } from '../wire/address.ts';
import { secretOr } from '../wire/secret.ts';

/** Longer than any signing key needs to be, in characters. */
const LONGEST_SECRET = 1_000;

/** Base64, with or without the prefix that Standard Webhooks gives it; padding at the end may be left out. */
const SECRET =
  /^(?:whsec_)?(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{4}|[A-Za-z\d+/]{3}=?|[A-Za-z\d+/]{2}(?:==)?)$/;

/** Reads `webhook` of a job. No message quotes the secret. */
export const WireWebhook = z.strictObject({
  url: HttpAddress,
  /** Signing secret, `whsec_` and base64, as Standard Webhooks defines it; null for unsigned events. */
  secret: secretOr(
    z.string().refine(isSigningSecret, {
      error: 'is not a signing secret of Standard Webhooks: "whsec_" followed by a key in base64',
    }),
  )
    .nullable()
    .default(null),
});

/** Whether Standard Webhooks can sign with it. */
export function isSigningSecret(given: string): boolean {
  return given.length <= LONGEST_SECRET && SECRET.test(given);
}

/** Where events are sent, with a secret that may be named. */
export type WebhookTarget = Readonly<z.output<typeof WireWebhook>>;
