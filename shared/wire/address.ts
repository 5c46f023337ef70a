import { z } from 'zod';
import { quoted } from './quoted.ts';

/** Longer than any address that browsers and servers agree to take. In characters. */
const LONGEST_ADDRESS = 8_000;

const HTTP = /^https?$/;
const WEBSOCKET = /^(wss?|https?)$/;

/** An http or https address. */
export const HttpAddress = addressOf(HTTP, 'is not an http or https address');

/** An address of a call server: ws, wss, http or https. */
export const CallServerAddress = addressOf(WEBSOCKET, 'is not a ws, wss, http or https address');

/** An http or https address, or null; the empty string is null too. */
export const OptionalHttpAddress = z.preprocess(
  (given) => (given === '' ? null : given),
  HttpAddress.nullable().default(null),
);

/** The schema, or the empty string, which is also what stands where nothing is given. */
export function orEmpty(schema: typeof HttpAddress) {
  return z
    .string()
    .default('')
    .superRefine((given, context) => {
      if (given === '') return;
      for (const { message } of schema.safeParse(given).error?.issues ?? []) context.addIssue(message);
    });
}

function addressOf(protocol: RegExp, complaint: string) {
  return z
    .string()
    .max(LONGEST_ADDRESS, { error: `is an address of more than ${LONGEST_ADDRESS} characters`, abort: true })
    .refine((given) => isAddress(given, protocol), {
      error: (issue) => `${complaint}: ${quoted(issue.input)}`,
    });
}

function isAddress(given: string, protocol: RegExp): boolean {
  return z.url({ protocol }).safeParse(given).success;
}
