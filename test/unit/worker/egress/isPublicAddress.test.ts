import { expect, test } from 'vitest';
import { isPublicAddress } from '../../../../worker/egress/isPublicAddress.ts';

test.each([
  ['0.0.0.0', 'any address'],
  ['0.1.2.3', 'this network'],
  ['10.1.2.3', 'private'],
  ['100.64.0.1', 'shared by a carrier'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['169.254.169.254', 'link-local'],
  ['172.16.0.1', 'private'],
  ['172.31.255.254', 'private'],
  ['192.0.0.8', 'for protocols'],
  ['192.0.2.1', 'documentation'],
  ['192.168.1.1', 'private'],
  ['198.18.0.1', 'benchmarks'],
  ['198.51.100.1', 'documentation'],
  ['203.0.113.1', 'documentation'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'any address'],
  ['::1', 'loopback'],
  ['::10.0.0.1', 'IPv4-compatible'],
  ['::127.0.0.1', 'IPv4-compatible'],
  ['::ffff:10.0.0.1', 'mapped'],
  ['::ffff:127.0.0.1', 'mapped'],
  ['::ffff:0:10.0.0.1', 'translated'],
  ['64:ff9b::10.0.0.1', 'a private address behind NAT64'],
  ['64:ff9b::169.254.169.254', 'a link-local address behind NAT64'],
  ['64:ff9b:1::8.8.8.8', 'a local NAT64'],
  ['100::1', 'discarded'],
  ['2001:0:4136:e378:8000:63bf:3fff:fdd2', 'Teredo'],
  ['2001:2::1', 'benchmarks'],
  ['2001:db8::1', 'documentation'],
  ['2002:a00:1::1', '6to4'],
  ['3fff::1', 'documentation'],
  ['4000::1', 'not given out'],
  ['fc00::1', 'unique local'],
  ['fd00::1', 'unique local'],
  ['fe80::1', 'link-local'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
])('%s is not public: %s', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '172.32.0.1',
  '100.128.0.1',
  '2606:4700:4700::1111',
  '2a00:1450::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
