import { z } from 'zod';

/** Whatever people call a call type, but for what separates in addresses and keys. */
export const CallTypeName = z
  .string()
  .regex(/^[^\p{Cc}:/]{1,64}$/u, { error: 'must be 1 to 64 characters, without ":" and "/"' });

/** Whatever a call server may call a room, but for what separates in addresses and names. */
export const CallId = z
  .string()
  .regex(/^[^\p{Cc}:/]{1,200}$/u, { error: 'must be 1 to 200 characters, without ":" and "/"' });
