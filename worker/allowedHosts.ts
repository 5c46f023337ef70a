import ipaddr from 'ipaddr.js';

/** Something that jobs and pages may reach although it is not public. A port of null stands for every port. */
export type AllowedHost =
  /** A host by its name, in lower case. "*." at its beginning stands for every name below it. */
  | { readonly kind: 'name'; readonly name: string; readonly port: number | null }
  /** Every address of a network, or a single one. */
  | { readonly kind: 'network'; readonly network: string; readonly port: number | null };

const HOST_AND_PORT = /^(?:\[([\da-f:.]+)\]|([^:[\]/\s]+))(?::(\d{1,5}))?$/i;
const NAME = /^(\*\.)?[a-z\d_-]+(\.[a-z\d_-]+)*\.?$/i;

/**
 * Reads host names, addresses and networks with commas between them: "minio", "*.corp.example", "minio:9000",
 * "10.0.0.7", "[fd00::1]:443", "10.0.0.0/8". Throws an Error that names the part it cannot read.
 */
export function parseAllowedHosts(text: string): AllowedHost[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseOne);
}

/** Whether the rule is for this host and port; `address` is what the host leads to. */
export function allows(rule: AllowedHost, host: string, port: number, address: string): boolean {
  if (rule.port !== null && rule.port !== port) return false;
  if (rule.kind === 'network') return isIn(address, rule.network);
  return rule.name.startsWith('*.') ? host.endsWith(rule.name.slice(1)) : host === rule.name;
}

function parseOne(part: string): AllowedHost {
  if (ipaddr.isValidCIDR(part)) return { kind: 'network', network: part, port: null };
  if (isAddress(part)) return { kind: 'network', network: networkOf(part), port: null };
  const [, bracketed, plain = '', portText] = HOST_AND_PORT.exec(part) ?? [];
  const host = bracketed ?? plain;
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > 65_535)) throw unreadable(part);
  if (isAddress(host)) return { kind: 'network', network: networkOf(host), port };
  // A name that looks like a number would never match: addresses are compared as addresses.
  if (!NAME.test(host) || /^[\d.]+$/.test(host)) throw unreadable(part);
  return { kind: 'name', name: host.toLowerCase().replace(/\.$/, ''), port };
}

function unreadable(part: string): Error {
  return new Error(`"${part}" is not a host name, an address or a network like 10.0.0.0/8`);
}

function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

function networkOf(address: string): string {
  return `${address}/${ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128}`;
}

function isIn(address: string, network: string): boolean {
  const given = ipaddr.process(address);
  const [first, bits] = ipaddr.parseCIDR(network);
  return given.kind() === first.kind() && given.match(first, bits);
}
