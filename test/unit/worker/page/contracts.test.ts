import { describe, expect, test } from 'vitest';
import { readLayoutConfig } from '../../../../layout-app/config/readLayoutConfig.ts';
import { layoutAddress } from '../../../../worker/page/layoutAddress.ts';
import { layoutConfigFor } from '../../../../worker/page/layoutConfigFor.ts';
import { consoleSignals } from '../../../../worker/page/preload/watchConsole.ts';
import { gateSignal } from '../../../../worker/page/tabSignals.ts';
import { requestOf } from '../../../support/requestOf.ts';

const OWN_APP = 'http://127.0.0.1:1/';
const request = (job: object) => requestOf('r1', { call: { id: 'standup' }, ...job });

describe('the template contract', () => {
  test.each([
    [['START_RECORDING'], ['console']],
    [['"START_RECORDING"'], ['console']],
    [['x', 'START_RECORDING'], ['console']],
    [['END_RECORDING'], ['console_end']],
    [['a START_RECORDING'], []],
    [[1, null, undefined], []],
  ])('console arguments %j mean %j', (values, signals) => {
    expect(consoleSignals(values)).toEqual(signals);
  });

  const source = { kind: 'livekit', url: 'wss://lk.example', token: 'jwt' };
  const addressOf = (external_app_url: string, name?: string) =>
    layoutAddress(request({ source, recording: { layout: { name, external_app_url } } }), OWN_APP);

  test('sets layout, url and token', () => {
    const address = new URL(addressOf('https://app.example/', 'grid'));
    expect(Object.fromEntries(address.searchParams)).toEqual({
      layout: 'grid',
      url: 'wss://lk.example',
      token: 'jwt',
    });
  });

  test('has a name as it is written where the app knows it so', () => {
    const layout = { name: 'spotlight', external_app_url: 'https://app.example/' };
    const layoutOf = (more: object) => {
      const address = layoutAddress(
        request({ source, recording: { layout: { ...layout, ...more } } }),
        OWN_APP,
      );
      return new URL(address).searchParams.get('layout');
    };
    expect([layoutOf({}), layoutOf({ exact_name: true })]).toEqual(['speaker', 'spotlight']);
  });

  test('leaves alone what stands in the address already', () => {
    expect(addressOf('https://app.example/?theme=a%20b&layout=x&flag&token=#/room?token=1', 'grid')).toBe(
      'https://app.example/?theme=a%20b&layout=x&flag&token=&url=wss%3A%2F%2Flk.example#/room?token=1',
    );
  });

  test.each([
    ['spotlight', 'speaker'],
    ['single_participant', 'single-speaker'],
    ['single-participant', 'single-speaker'],
    ['grid', 'grid'],
    ['spotlight-dark', 'speaker-dark'],
    ['single_participant-light', 'single-speaker-light'],
    ['grid-light', 'grid-light'],
    ['speaker-dark', 'speaker-dark'],
    ['sidebar', 'sidebar'],
    ['sidebar-light', 'sidebar-light'],
    ['my layout', 'my layout'],
    ['custom', null],
    [undefined, null],
  ])('the layout %j is named %j', (name, expected) => {
    expect(new URL(addressOf('https://app.example/', name)).searchParams.get('layout')).toBe(expected);
  });
});

describe('the setupLayout contract', () => {
  const external = { external_app_url: 'https://app.example/' };
  const configOf = (layout: object, source: object = { kind: 'app' }) =>
    layoutConfigFor(request({ source, recording: { layout } }));

  test('passes what the job gives', () => {
    const source = {
      kind: 'app',
      api_key: 'key',
      token: 'jwt',
      user_id: 'rec',
      base_url: 'https://api.example',
      log_level: 'warn',
    };
    const options = { 'my_app.theme': 'dark', screenshare_layout: 'single_participant' };
    const css = { external_css_url: 'https://app.example/a.css' };
    expect(configOf({ name: 'grid', options, ...external, ...css }, source)).toEqual({
      call_type: 'default',
      call_id: 'standup',
      api_key: 'key',
      token: 'jwt',
      user_id: 'rec',
      base_url: 'https://api.example',
      log_level: 'warn',
      layout: 'grid',
      screenshare_layout: 'single-participant',
      ext_css: 'https://app.example/a.css',
      options,
    });
  });

  test('leaves out what the job does not give', () => {
    expect(configOf(external)).toEqual({ call_type: 'default', call_id: 'standup', options: {} });
    const empty = { api_key: '', token: '', user_id: '', base_url: '', log_level: '' };
    expect(configOf({ ...external, external_css_url: '', name: '' }, { kind: 'app', ...empty })).toEqual(
      configOf(external),
    );
  });

  test.each([
    ['single_participant', 'single-participant'],
    ['spotlight', 'spotlight'],
    ['dominant-speaker', 'dominant-speaker'],
    ['skool', 'skool'],
  ])('an external app is told of the layout %s as %s', (name, expected) => {
    expect(configOf({ ...external, name }).layout).toBe(expected);
  });

  test.each([
    [{ screenshare_layout: 'grid', 'grid.screenshare_layout': 'spotlight' }, 'grid'],
    [{ 'grid.screenshare_layout': 'single_participant' }, 'single-participant'],
    [{ screenshare_layout: '' }, undefined],
    [{}, undefined],
  ])('of %j, screenshare_layout is %j', (options, expected) => {
    expect(configOf({ ...external, options }).screenshare_layout).toBe(expected);
  });

  test('our own page gets the options parsed, and always a layout', () => {
    const options = { 'grid.rows': 2, 'grid.cell_padding': 4, screenshare_layout: 'single-participant' };
    const own = configOf({ options }, { kind: 'demo' });
    expect(own).toMatchObject({ layout: 'spotlight', options, source: { kind: 'demo' } });
    expect(own.parsed_options).toEqual({
      'grid.rows': 2,
      'layout.grid.gap': '4px',
      screenshare_layout: 'single_participant',
    });
    expect(configOf({ ...external, options })).not.toHaveProperty('parsed_options');
  });

  test('simulated participants have what a participant of the SDK always has', () => {
    const { test_environment } = configOf(external, { kind: 'demo', participants: 2 });
    const [first, second] = test_environment?.participants ?? [];
    expect(first).toEqual({
      userId: 'demo-1',
      sessionId: 'demo-1',
      name: 'Participant 1',
      image: '',
      roles: ['user'],
      custom: { fields: {} },
      source: 0,
      trackLookupPrefix: 'demo-1',
      joinedAt: { seconds: '1700000000', nanos: 0 },
      publishedTracks: [1, 2],
      pausedTracks: [],
      interruptedTracks: [],
      connectionQuality: 3,
      isSpeaking: true,
      isDominantSpeaker: true,
      isLocalParticipant: false,
      audioLevel: 0.5,
      viewportVisibilityState: { videoTrack: 'UNKNOWN', screenShareTrack: 'UNKNOWN' },
    });
    expect(second).toMatchObject({ sessionId: 'demo-2', isSpeaking: false, audioLevel: 0 });
    const shown = readLayoutConfig({ test_environment });
    expect(shown.scene?.participants).toHaveLength(2);
  });
});

test.each([
  [{ signal: 'navigator' }, { type: 'ready', signal: 'navigator' }],
  [{ signal: 'marker' }, { type: 'ready', signal: 'marker' }],
  [{ signal: 'console' }, { type: 'ready', signal: 'console' }],
  [{ signal: 'console_end' }, { type: 'call_ended' }],
  [{ signal: 'anything' }, null],
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
  [
    { type: 'left_out', count: 7 },
    { type: 'left_out', count: 7 },
  ],
  [{ type: 'left_out', count: -1 }, null],
  [
    { type: 'console', level: 'fatal', text: { a: 1 } },
    { type: 'console', level: 'debug', text: '{"a":1}' },
  ],
  [{ type: 'warning', message: 'x'.repeat(5_000) }, null],
])('out of the gate, %j means %j', (given, signal) => {
  expect(gateSignal(JSON.stringify(given))).toEqual(signal);
});

test('what is no JSON says nothing', () => {
  expect(gateSignal('{')).toBeNull();
});
