/** An address that nobody may connect to. */
export class EgressRefusal extends Error {
  readonly host: string;
  readonly port: number;
  /** What the host leads to. */
  readonly address: string;

  constructor(host: string, port: number, address: string) {
    super(
      `${host}:${port} leads to ${address}, which is not a public address; to allow it, add it to COMPOSITOR_ALLOW_HOSTS, or set COMPOSITOR_ALLOW_PRIVATE_URLS=1`,
    );
    this.name = 'EgressRefusal';
    this.host = host;
    this.port = port;
    this.address = address;
  }
}
