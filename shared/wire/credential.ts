import { z } from 'zod';

/** Longer than any token or key that a server takes in the header of a request. In characters. */
const LONGEST = 8_000;

/** A token, or a key. No message quotes it. */
export const Credential = z.string().max(LONGEST, { error: `is longer than ${LONGEST} characters` });
