import { z } from 'zod';
import { type Looked, secretOr } from '../wire/secret.ts';
import type { StorageDescriptor } from './storageDescriptor.ts';

/** In characters; longer than any store makes them. */
const LONGEST_URL = 8_000;

const schema = z.strictObject({
  kind: z.literal('presigned'),
  /** The complete file is PUT there. Whoever has the address may write, so no message quotes it. */
  url: secretOr(
    z
      .string()
      .max(LONGEST_URL, { error: `is an address of more than ${LONGEST_URL} characters`, abort: true })
      .refine(isHttpAddress, { error: 'must be an http or https address' }),
  ),
});

export type PresignedStorageTarget = Looked<z.output<typeof schema>>;

/** An address for one file that a store has signed, so that it can be written without keys until it expires. */
export const presignedStorageTarget = {
  kind: 'presigned',
  schema,
  secretsOf: ({ url }) => [url, /\?(.+)$/.exec(url)?.[1] ?? null],
  addressesOf: ({ url }) => [url],
} satisfies StorageDescriptor<PresignedStorageTarget>;

export function isHttpAddress(given: string): boolean {
  return z.url({ protocol: /^https?$/ }).safeParse(given).success;
}
