import { z } from 'zod';

/** How a tenant may be called. It is the name of a folder, too. */
export const TENANT = /^[A-Za-z\d_][A-Za-z\d_-]{0,62}$/;

/** Reads the name of a tenant. */
export const TenantName = z.string().regex(TENANT, {
  error: 'must be 1 to 63 letters, digits, "_" or "-", and not begin with "-"',
});
