/** A place where the operator keeps secrets that jobs name. */
export interface SecretStore {
  /** What an operator who looks for the secret must look at: a path, or the name of a variable. */
  placeOf(name: string, tenant: string | null): string;
  /** The secret of this name, or null if this place has none. Of a tenant, only its own. Throws where it cannot be read. */
  read(name: string, tenant: string | null): Promise<string | null>;
}
