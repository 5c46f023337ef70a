import { z } from 'zod';

/** Put before the name of a file, without a slash of its own. */
export const ObjectPrefix = z
  .string()
  // In an address these would lead to another container.
  .refine((given) => !given.split('/').some((name) => name === '.' || name === '..'), {
    error: 'must not hold "." or ".." as the name of a folder',
  })
  .default('');
