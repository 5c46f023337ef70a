import { describe, expect, test } from 'vitest';
import { parseRecordingRequest } from '../../../../shared/request/parseRecordingRequest.ts';
import { layoutAddress } from '../../../../worker/page/layoutAddress.ts';
import { layoutConfigFor } from '../../../../worker/page/layoutConfigFor.ts';
import { bindingSignal, consoleSignals } from '../../../../worker/page/openTab.ts';

const OWN_APP = 'http://127.0.0.1:1/';
const request = (job: object) => parseRecordingRequest('r1', { call: { id: 'standup' }, ...job });

describe('the template contract', () => {
  test.each([
    [['START_RECORDING'], [{ type: 'ready', signal: 'console' }]],
    [['"START_RECORDING"'], [{ type: 'ready', signal: 'console' }]],
    [['x', 'START_RECORDING'], [{ type: 'ready', signal: 'console' }]],
    [['END_RECORDING'], [{ type: 'call_ended' }]],
    [['a START_RECORDING'], []],
    [[1, null, undefined], []],
  ])('console arguments %j mean %j', (values, signals) => {
    expect(consoleSignals(values)).toEqual(signals);
  });

  test("sets layout, url and token, and keeps the app's own query", () => {
    const given = request({
      source: { kind: 'livekit', url: 'wss://lk.example', token: 'jwt' },
      recording: {
        layout: { name: 'single_participant', external_app_url: 'https://app.example/?theme=dark&layout=x' },
      },
    });
    const address = new URL(layoutAddress(given, OWN_APP));
    expect(Object.fromEntries(address.searchParams)).toEqual({
      theme: 'dark',
      layout: 'single-participant',
      url: 'wss://lk.example',
      token: 'jwt',
    });
  });
});

describe('the setupLayout contract', () => {
  test('passes what the source knows, and simulated participants for a demo', () => {
    const app = request({
      source: { kind: 'app', api_key: 'key', token: 'jwt', user_id: 'rec', base_url: 'https://api.example' },
      recording: {
        layout: {
          name: 'grid',
          external_app_url: 'https://app.example/',
          external_css_url: 'https://app.example/a.css',
        },
      },
    });
    expect(layoutConfigFor(app)).toMatchObject({
      call_type: 'default',
      call_id: 'standup',
      api_key: 'key',
      token: 'jwt',
      user_id: 'rec',
      base_url: 'https://api.example',
      layout: 'grid',
      screenshare_layout: 'spotlight',
      ext_css: 'https://app.example/a.css',
      options: {},
    });
    const options = { 'grid.rows': 2, 'grid.cell_padding': 4, screenshare_layout: 'single-participant' };
    const withOptions = (layout: object) =>
      layoutConfigFor(request({ source: { kind: 'demo' }, recording: { layout: { ...layout, options } } }));
    const own = withOptions({});
    const external = withOptions({ external_app_url: 'https://app.example/' });
    expect([own.options, external.options]).toEqual([options, options]);
    expect([own.screenshare_layout, external.screenshare_layout]).toEqual(
      Array(2).fill('single-participant'),
    );
    expect(own.parsed_options).toEqual({
      'grid.rows': 2,
      'layout.grid.gap': '4px',
      screenshare_layout: 'single_participant',
    });
    expect(external).not.toHaveProperty('parsed_options');
    const demo = layoutConfigFor(request({ source: { kind: 'demo', participants: 2 } }));
    expect(demo.test_environment?.participants.map(({ userId }) => userId)).toEqual(['demo-1', 'demo-2']);
  });
});

test.each([
  [{ signal: 'navigator' }, { type: 'ready', signal: 'navigator' }],
  [{ signal: 'marker' }, { type: 'ready', signal: 'marker' }],
  [{ type: 'ready' }, { type: 'ready', signal: 'message' }],
  [
    { type: 'participants', count: 3 },
    { type: 'participants', count: 3 },
  ],
  [
    { type: 'failed', message: 'boom' },
    { type: 'failed', code: 'page_error', message: 'boom' },
  ],
  [
    { type: 'failed', message: { toString: 1 } },
    { type: 'failed', code: 'page_error', message: '{"toString":1}' },
  ],
  [{ type: 'failed' }, { type: 'failed', code: 'page_error', message: 'no reason given' }],
  [
    { type: 'warning', message: 'hm' },
    { type: 'warning', code: 'page_warning', message: 'hm' },
  ],
  [
    { type: 'warning', code: 'x' },
    { type: 'warning', code: 'page_warning', message: '' },
  ],
  [
    { type: 'warning', code: 'image_failed', message: 'no logo' },
    { type: 'warning', code: 'image_failed', message: 'no logo' },
  ],
  [
    { type: 'connection', state: 'lost' },
    { type: 'connection', state: 'lost' },
  ],
  [{ type: 'connection', state: 'perhaps' }, null],
  [{ type: 'participants', count: 'x' }, null],
  [{ type: 'nonsense' }, null],
  ['not an object', null],
  [null, null],
  [undefined, null],
])('over the binding, %j means %j', (given, signal) => {
  expect(bindingSignal(given)).toEqual(signal);
});
