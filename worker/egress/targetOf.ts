const SECURE = ['https:', 'wss:'];

/** The host and the port that a URL leads to. Throws where it is none. */
export function targetOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  return { host: hostname, port: Number(port) || (SECURE.includes(protocol) ? 443 : 80) };
}
