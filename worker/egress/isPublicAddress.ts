import ipaddr from 'ipaddr.js';

/** All IPv6 addresses that are given out to the public: RFC 4291, and the registry of IANA. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');
/** RFC 6052. Another prefix would be one of the operator's own. */
const NAT64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');

/**
 * Whether an address is public unicast: on the internet, and of one machine. Everything else is not, such as loopback,
 * private networks, link-local addresses with the metadata server of a cloud, shared, reserved and multicast addresses.
 * An IPv4 address inside an IPv6 one counts as that IPv4 address where it is mapped (::ffff:0:0/96) or translated
 * by the well-known prefix of NAT64 (64:ff9b::/96). Throws an Error where the text is not an address.
 */
export function isPublicAddress(text: string): boolean {
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return address.range() === 'unicast';
  if (address.match(NAT64)) return isPublicAddress(lastFourBytes(address as ipaddr.IPv6));
  return address.range() === 'unicast' && address.match(GLOBAL_UNICAST);
}

function lastFourBytes(address: ipaddr.IPv6): string {
  return address.toByteArray().slice(12).join('.');
}
