import { networkInterfaces } from 'node:os';
import { describe, expect, test } from 'vitest';
import { parseAllowedHosts } from '../../../../worker/allowedHosts.ts';
import { createEgressRules } from '../../../../worker/egress/egressRules.ts';
import { refusePrivateUrls } from '../../../../worker/egress/refusePrivateUrls.ts';

const resolvesTo =
  (...addresses: string[]) =>
  async () =>
    addresses;
const unresolved = async (host: string) => {
  throw new Error(`getaddrinfo ENOTFOUND ${host}`);
};

function rulesFor({ allow = '', all = false, lookUp = unresolved as (host: string) => Promise<string[]> }) {
  return createEgressRules({ allowPrivateUrls: all, allowHosts: parseAllowedHosts(allow) }, lookUp);
}

describe('without an allowance', () => {
  test.each([
    'localhost',
    'app.localhost',
    'LOCALHOST.',
    '127.0.0.1',
    '127.0.0.1.',
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '①②⑦.⓪.⓪.①',
    '0.0.0.0',
    '10.1.2.3',
    '169.254.169.254',
    '[::1]',
    '::1',
    '[::ffff:10.0.0.1]',
    '[fd00::1]',
  ])('%s is refused', async (host) => {
    const lookUp = async (name: string) =>
      name.endsWith('localhost') ? ['127.0.0.1', '::1'] : unresolved(name);
    await expect(rulesFor({ lookUp }).resolve(host, 80)).rejects.toMatchObject({ name: 'EgressRefusal' });
  });

  test('a name that leads to a private address is refused, and the refusal says what to do', async () => {
    const resolving = rulesFor({ lookUp: resolvesTo('10.0.0.5') }).resolve('app.example', 443);
    await expect(resolving).rejects.toThrow(
      'app.example:443 leads to 10.0.0.5, which is not a public address; to allow it, add it to COMPOSITOR_ALLOW_HOSTS',
    );
  });

  test('of a name with several addresses, only the public ones are connected to', async () => {
    const rules = rulesFor({ lookUp: resolvesTo('10.0.0.5', '8.8.8.8', 'fd00::1', '2606:4700::1') });
    expect(await rules.resolve('app.example', 443)).toEqual(['8.8.8.8', '2606:4700::1']);
  });

  test.each([
    '',
    ' ',
    'a b',
    '[::1',
    'a/b',
    'a:80',
    '%00',
    'user@host',
  ])('"%s" is not a host', async (host) => {
    await expect(rulesFor({ lookUp: resolvesTo('8.8.8.8') }).resolve(host, 80)).rejects.toThrow();
  });
});

describe('with an allowance', () => {
  test('a host that is allowed by its name may be at any address', async () => {
    const rules = rulesFor({ allow: 'minio:9000', lookUp: resolvesTo('10.0.0.5') });
    expect(await rules.resolve('MINIO', 9000)).toEqual(['10.0.0.5']);
    await expect(rules.resolve('minio', 22)).rejects.toMatchObject({ name: 'EgressRefusal' });
    await expect(rules.resolve('minio2', 9000)).rejects.toMatchObject({ name: 'EgressRefusal' });
  });

  test('an allowed network is reached by any name', async () => {
    const rules = rulesFor({ allow: '10.0.0.0/8', lookUp: resolvesTo('10.0.0.5', '192.168.0.1') });
    expect(await rules.resolve('app.example', 443)).toEqual(['10.0.0.5']);
  });

  test('the ports of the worker itself stay closed, even where everything is allowed', async () => {
    const rules = rulesFor({ all: true, allow: '127.0.0.1', lookUp: resolvesTo('127.0.0.1', '::1') });
    expect(await rules.resolve('127.0.0.1', 6379)).toEqual(['127.0.0.1']);
    const unprotect = rules.protect(6379);
    const [own] = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const host of [
      '127.0.0.1',
      '[::1]',
      'localhost',
      '0.0.0.0',
      '[::ffff:127.0.0.1]',
      String(own?.address),
    ])
      await expect(rules.resolve(host, 6379)).rejects.toMatchObject({ name: 'EgressRefusal' });
    expect(await rules.resolve('127.0.0.1', 6380)).toEqual(['127.0.0.1']);
    unprotect();
    expect(await rules.resolve('127.0.0.1', 6379)).toEqual(['127.0.0.1']);
  });
});

describe('addresses of a job', () => {
  const refuse = (url: string, given: Parameters<typeof rulesFor>[0], mustResolve = true) =>
    refusePrivateUrls(['https://8.8.8.8/', url], rulesFor(given), { mustResolve });

  test.each([
    'http://10.0.0.1/a',
    'https://[::1]:8443/',
    'ws://127.1/',
    'wss://192.168.0.1',
  ])('%s is refused as private_url, by its whole name', async (url) => {
    await expect(refuse(url, {})).rejects.toMatchObject({ code: 'private_url' });
    await expect(refuse(url, {})).rejects.toThrow(`${url} is refused`);
  });

  test('the port of an address counts', async () => {
    const given = { allow: 'app.example:443', lookUp: resolvesTo('10.0.0.5') };
    await expect(refuse('https://app.example/', given)).resolves.toBeUndefined();
    await expect(refuse('wss://app.example/', given)).resolves.toBeUndefined();
    await expect(refuse('http://app.example/', given)).rejects.toMatchObject({ code: 'private_url' });
  });

  test('a name that does not resolve is refused where it must resolve', async () => {
    await expect(refuse('https://app.example/', {})).rejects.toThrow('does not resolve');
    await expect(refuse('https://app.example/', {}, false)).resolves.toBeUndefined();
  });
});
