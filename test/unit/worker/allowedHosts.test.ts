import { describe, expect, test } from 'vitest';
import { allows, parseAllowedHosts } from '../../../worker/allowedHosts.ts';

describe('what is allowed', () => {
  test.each([
    ['minio', 'minio', 9000, '10.0.0.7', true],
    ['minio', 'minio.corp.example', 9000, '10.0.0.7', false],
    ['MinIO.', 'minio', 9000, '10.0.0.7', true],
    ['minio:9000', 'minio', 9000, '10.0.0.7', true],
    ['minio:9000', 'minio', 22, '10.0.0.7', false],
    ['*.corp.example', 'app.corp.example', 443, '10.0.0.7', true],
    ['*.corp.example', 'corp.example', 443, '10.0.0.7', false],
    ['*.corp.example', 'evilcorp.example', 443, '10.0.0.7', false],
    ['10.0.0.0/8', 'any.example', 443, '10.200.0.7', true],
    ['10.0.0.0/8', 'any.example', 443, '192.168.0.7', false],
    ['10.0.0.0/8', 'any.example', 443, '::ffff:10.0.0.7', true],
    ['10.0.0.7', '10.0.0.7', 443, '10.0.0.7', true],
    ['10.0.0.7', 'any.example', 443, '10.0.0.8', false],
    ['10.0.0.7:443', '10.0.0.7', 80, '10.0.0.7', false],
    ['fd00::/8', 'any.example', 443, 'fd12::1', true],
    ['fd00::1', 'fd00::1', 443, 'fd00::1', true],
    ['[fd00::1]:443', 'fd00::1', 443, 'fd00::1', true],
    ['[fd00::1]:443', 'fd00::1', 80, 'fd00::1', false],
  ])('%s: %s:%i at %s %s', (text, host, port, address, expected) => {
    expect(parseAllowedHosts(text).some((rule) => allows(rule, host, port, address))).toBe(expected);
  });

  test('several have commas between them, and nothing allows nothing', () => {
    expect(parseAllowedHosts(' minio:9000, 10.0.0.0/8 ,')).toHaveLength(2);
    expect(parseAllowedHosts('')).toEqual([]);
  });
});

test.each([
  'http://minio/',
  'minio:port',
  'minio:0',
  'minio:70000',
  '10.0.0.0/33',
  '10.1',
  '2130706433',
  '*',
  '*.*.example',
  'a b',
])('"%s" is refused by name', (text) => {
  expect(() => parseAllowedHosts(`good.example,${text}`)).toThrow(`"${text}" is not a host name`);
});
