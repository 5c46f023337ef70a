import { z } from 'zod';

const NAME = /^[A-Za-z\d_][A-Za-z\d_.-]{0,99}$/;

/** A secret that the job does not hold, but names. Whoever records the job looks it up where it is kept. */
export class SecretReference {
  readonly secret: string;

  constructor(name: string) {
    this.secret = name;
  }
}

const Named = z
  .strictObject({ secret: z.string().regex(NAME) })
  .transform(({ secret }) => new SecretReference(secret));

/**
 * A field of a job that is a secret: in plain as `plain` reads it, or `{"secret": "name"}` for one that the worker keeps
 * under this name. No message quotes it.
 */
export function secretOr<Plain extends z.ZodType<string>>(plain: Plain) {
  return z.union([plain, Named], {
    error:
      'must be a text, or {"secret": "name"}, with a name of 1 to 100 letters, digits, "_", "." or "-" that begins with none of the last two',
  });
}

/** What a value is once every secret that it names has been looked up. */
export type Looked<T> = T extends SecretReference
  ? never
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [K in keyof T]: Looked<T[K]> };
