import { z } from 'zod';

const MOST_RECIPIENTS = 20;

/** Reads `encryption` of a job: how the worker encrypts the files before they leave it. */
export const WireEncryption = z.strictObject({
  /** https://age-encryption.org/v1 */
  kind: z.literal('age', { error: 'must be "age"' }),
  /** Public keys of X25519 identities, as `age-keygen` prints them. Whoever has one of the identities can decrypt. */
  recipients: z
    .array(
      z.string().regex(/^age1[02-9ac-hj-np-z]{58}$/, {
        error: 'is not the public key of an age identity, which is "age1" and 58 more characters',
      }),
    )
    .min(1)
    .max(MOST_RECIPIENTS),
});
