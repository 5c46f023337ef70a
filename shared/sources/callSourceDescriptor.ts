import type { z } from 'zod';

/** How a page reaches a call, in the words of the setupLayout and template contracts. What is unknown is empty. */
export interface CallAccess {
  readonly apiKey: string;
  readonly token: string;
  readonly userId: string;
  readonly baseUrl: string;
  readonly url: string;
  /** How much the app writes to its log, in its own words. */
  readonly logLevel: string;
}

export const NO_ACCESS: CallAccess = {
  apiKey: '',
  token: '',
  userId: '',
  baseUrl: '',
  url: '',
  logLevel: '',
};

/** All that is known of one kind of call source, apart from the code that joins its calls. */
export interface CallSourceDescriptor<Source extends { readonly kind: string }> {
  readonly kind: Source['kind'];
  /** Reads `source` of a job, in which secrets may be named. */
  readonly schema: z.ZodType<{ readonly kind: Source['kind'] }>;
  /** Checks the source that our own layout app is told of; null where only an external layout app can join the call. */
  readonly pageSchema: z.ZodType<Source> | null;
  /** What must not appear in logs, events and results; null stands for a secret that was not given. */
  secretsOf(source: Source): readonly (string | null)[];
  accessOf(source: Source): CallAccess;
  /** Addresses that the page is told to connect to. */
  addressesOf(source: Source): readonly string[];
  /**
   * Whether our own layout app may be in the call in two tabs at once, as the job gives the source. Otherwise the call
   * server may take them for one person, and put the first one out.
   */
  mayOpenTwice(source: Source): boolean;
}
