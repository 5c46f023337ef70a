import { expect, test } from 'vitest';
import { parseRecordingRequest } from '../../../../shared/request/parseRecordingRequest.ts';
import { externalUrls } from '../../../../worker/page/externalUrls.ts';

test('every page, stylesheet and image of a job is named, also what a custom action would show', () => {
  const override = (options: object) => ({ action_type: 'options_override', options, condition: {} });
  const request = parseRecordingRequest('r1', {
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
});
