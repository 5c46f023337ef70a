import { expect, test } from 'vitest';
import { refusePrivateUrls } from '../../../../worker/page/refusePrivateUrls.ts';

const resolvesTo = (address: string) => async () => [{ address }];
const unresolved = async () => {
  throw new Error('ENOTFOUND');
};

test.each([
  'http://localhost/',
  'http://app.localhost:8080/',
  'http://127.0.0.1:3000/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0.0.0.0/',
  'http://10.1.2.3/',
  'http://172.16.0.1/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://100.64.0.1/',
  'http://[::1]/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://[::ffff:10.0.0.1]/',
])('%s is refused', async (url) => {
  await expect(refusePrivateUrls([url], unresolved)).rejects.toMatchObject({ code: 'private_url' });
});

test('a public name that leads to a private address is refused', async () => {
  const refused = refusePrivateUrls(['https://app.example/'], resolvesTo('10.0.0.5'));
  await expect(refused).rejects.toThrow('https://app.example/ leads to 10.0.0.5');
});

test('a name that does not resolve is refused', async () => {
  await expect(refusePrivateUrls(['https://app.example/'], unresolved)).rejects.toThrow('does not resolve');
});

test('public addresses pass', async () => {
  await expect(
    refusePrivateUrls(['https://app.example/', 'https://8.8.8.8/'], resolvesTo('93.184.216.34')),
  ).resolves.toBeUndefined();
});
