import { expect, test } from 'vitest';
import { externalUrls, refusePrivateUrls } from '../../../../worker/page/refusePrivateUrls.ts';
import { requestOf } from '../../../support/requestOf.ts';

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

test('every page, stylesheet and image of a job is checked, also what a custom action would show', async () => {
  const override = (options: object) => ({ action_type: 'options_override', options, condition: {} });
  const request = requestOf('r1', {
    call: { id: 'a' },
    source: { kind: 'demo' },
    recording: {
      layout: {
        external_app_url: 'https://app.example/',
        external_css_url: 'https://css.example/a.css',
        options: {
          'logo.image_url': 'https://logo.example/a.png',
          'layout.background_image': 'url("https://image.example/b.png")',
          custom_actions: [
            override({
              'layout.background_image':
                "linear-gradient(red, blue), url('http://10.0.0.1/c.png'), url(data:image/png;base64,AAAA)",
            }),
            { action_type: 'layout_override', layout: 'grid', condition: {} },
            override({ 'logo.image_url': 'http://10.0.0.2/d.png' }),
            override({ 'logo.image_url': 'data:image/png;base64,AAAA', 'layout.background_image': null }),
          ],
        },
      },
    },
  });
  expect(externalUrls(request)).toEqual([
    'https://app.example/',
    'https://css.example/a.css',
    'https://logo.example/a.png',
    'https://image.example/b.png',
    'http://10.0.0.1/c.png',
    'http://10.0.0.2/d.png',
  ]);
  await expect(refusePrivateUrls(externalUrls(request), resolvesTo('8.8.8.8'))).rejects.toThrow(
    'http://10.0.0.1/c.png leads to 10.0.0.1',
  );
});

test('public addresses pass', async () => {
  await expect(
    refusePrivateUrls(['https://app.example/', 'https://8.8.8.8/'], resolvesTo('93.184.216.34')),
  ).resolves.toBeUndefined();
});
