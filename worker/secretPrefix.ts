/** Variables of the environment that begin so hold secrets that jobs may name. */
export const SECRET_PREFIX = 'COMPOSITOR_SECRET_';
