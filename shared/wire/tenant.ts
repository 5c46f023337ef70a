/** How a tenant may be called. It is the name of a folder, too. */
export const TENANT = /^[A-Za-z\d_][A-Za-z\d_-]{0,62}$/;
