/** Who sends a request. */
export interface Principal {
  readonly tenant: string;
  readonly apiKey: string;
  /**
   * A server may do everything in its tenant; a viewer sees what a server sees, and changes nothing; a user may do what
   * is granted to its roles; who is anonymous nothing.
   */
  readonly kind: 'server' | 'viewer' | 'user' | 'anonymous';
  /** null for a server and a viewer. */
  readonly userId: string | null;
  /** As the token says; null where it says none. */
  readonly role: string | null;
  /** The calls that the token is for, as `type:id`; null for every one. */
  readonly calls: readonly string[] | null;
}

/** A server with this API key, which may do everything in its tenant. */
export function serverWith(tenant: string, apiKey: string): Principal {
  return { tenant, apiKey, kind: 'server', userId: null, role: null, calls: null };
}
