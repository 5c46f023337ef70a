import { z } from 'zod';

const PEM = /^-----BEGIN (RSA )?PRIVATE KEY-----\s/;

const Key = z.looseObject(
  {
    type: z.literal('service_account', { error: 'type must be "service_account"; no other kind is built' }),
    client_email: z.string({ error: 'client_email is missing' }).min(1, { error: 'client_email is empty' }),
    private_key_id: z.string({ error: 'private_key_id must be a text' }).nullish(),
    private_key: z
      .string({ error: 'private_key is missing' })
      .regex(PEM, { error: 'private_key is no private key in PEM' }),
    token_uri: z.url({ protocol: /^https?$/, error: 'token_uri must be an http or https address' }),
  },
  { error: 'it is no JSON object' },
);

/** The key of a service account of Google's cloud, as the file has it that Google hands out. */
export interface ServiceAccountKey {
  readonly clientEmail: string;
  /** The name of the key; null where the file has none. */
  readonly privateKeyId: string | null;
  /** In PEM. Whether it can be read is known once it is used. */
  readonly privateKey: string;
  /** Where a token is handed out for it. */
  readonly tokenUri: string;
}

/**
 * Reads the JSON text of a service account's key: https://cloud.google.com/iam/docs/keys-create-delete. Throws an Error that
 * says what is wrong and quotes nothing of it.
 */
export function readServiceAccountKey(text: string): ServiceAccountKey {
  const { data, error } = Key.safeParse(jsonIn(text));
  if (error)
    throw new Error(
      `is not the JSON of a service account's key: ${error.issues.map(({ message }) => message).join('; ')}`,
    );
  return {
    clientEmail: data.client_email,
    privateKeyId: data.private_key_id ?? null,
    privateKey: data.private_key,
    tokenUri: data.token_uri,
  };
}

/** What is wrong with such a text, or null. */
export function serviceAccountKeyProblem(text: string): string | null {
  try {
    readServiceAccountKey(text);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The parser's own message would quote the text. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
