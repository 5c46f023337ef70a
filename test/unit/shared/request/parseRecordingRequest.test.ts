import { describe, expect, test } from 'vitest';
import {
  InvalidRequestError,
  parseJobText,
  parseRecordingRequest,
} from '../../../../shared/request/parseRecordingRequest.ts';
import { secretsOf } from '../../../../shared/request/secretsOf.ts';

const job = (extra: object = {}) => ({ call: { id: 'standup' }, source: { kind: 'demo' }, ...extra });
const layout = (given: object) => job({ recording: { layout: given } });

test('the smallest job is complete once parsed', () => {
  expect(parseRecordingRequest('r1', job())).toMatchObject({
    id: 'r1',
    call: { type: 'default', id: 'standup', sessionId: null },
    source: { kind: 'demo', participants: 5, script: 'standup', durationS: null },
    audioOnly: false,
    picture: { widthPx: 1280, heightPx: 720, framesPerSecond: 30 },
    layout: { name: 'spotlight', options: {}, externalCssUrl: null, externalAppUrl: null },
    outputs: [{ name: 'recording', storage: null, encoding: { container: 'mp4', h264Profile: 'baseline' } }],
    webhook: null,
    limits: { maxDurationS: 14_400, emptyTimeoutS: 60, loadTimeoutS: 30, readyTimeoutS: 15 },
  });
});

test.each([
  ['no key', {}, /needs account_key, or tenant_id, client_id and client_secret/],
  [
    'a key and an application',
    { account_key: 'a', tenant_id: 't', client_id: 'c', client_secret: 's' },
    /needs account_key, or/,
  ],
  ['half an application', { client_id: 'c', client_secret: 's' }, /needs account_key, or/],
  [
    'an account that is none',
    { account: 'acme.evil/', account_key: 'a' },
    /storage\.account: must be the name/,
  ],
  [
    'a prefix that leads out of the container',
    { account_key: 'a', prefix: 'a/../../b' },
    /storage\.prefix: must not hold/,
  ],
  [
    'a directory that is none',
    { tenant_id: '../x', client_id: 'c', client_secret: 's' },
    /storage\.tenant_id: must be/,
  ],
])('an azure storage with %s is refused', (_, more, message) => {
  const storage = { kind: 'azure', account: 'acme', container: 'calls', ...more };
  expect(() => parseRecordingRequest('r1', job({ storage }))).toThrow(message);
});

/** Of no worth: the private key is none. */
const ACCOUNT = {
  ...{ type: 'service_account', client_email: 'recorder@acme.example', private_key_id: 'key-1' },
  private_key: '-----BEGIN PRIVATE KEY-----\na private line\n-----END PRIVATE KEY-----\n',
  token_uri: 'https://oauth2.googleapis.com/token',
};
const gcs = (more: object, account: object = {}) => ({
  ...{ kind: 'gcs', bucket: 'calls', credentials: JSON.stringify({ ...ACCOUNT, ...account }), ...more },
});

test('a gcs storage is read with the key of a service account, which is secret with its private key', () => {
  const request = parseRecordingRequest('r1', job({ storage: gcs({ prefix: '2026' }) }));
  expect(request.outputs[0]?.storage).toEqual({
    ...{ kind: 'gcs', bucket: 'calls', prefix: '2026', endpoint: null, durability: 'part' },
    credentials: JSON.stringify(ACCOUNT),
  });
  expect(secretsOf(request)).toEqual([JSON.stringify(ACCOUNT), ACCOUNT.private_key]);
});

test.each([
  [
    'no credentials',
    gcs({ credentials: null }),
    /storage\.credentials: is missing.*Application Default Cred/,
  ],
  ['credentials that are no JSON', gcs({ credentials: 'hidden' }), /storage\.credentials: is not the JSON/],
  ['credentials of another kind', gcs({}, { type: 'authorized_user' }), /type must be "service_account"/],
  ['no account', gcs({}, { client_email: undefined }), /client_email is missing/],
  ['no private key', gcs({}, { private_key: 'hidden' }), /private_key is no private key in PEM/],
  ['an odd address of tokens', gcs({}, { token_uri: 'file:///hidden' }), /token_uri must be an http or/],
  ['a bucket that is none', gcs({ bucket: 'calls/2026' }), /storage\.bucket: must be the name of a bucket/],
  ['a prefix that leads out of the bucket', gcs({ prefix: '../b' }), /storage\.prefix: must not hold/],
])('a gcs storage with %s is refused, and nothing secret is quoted', (_, storage, message) => {
  const read = () => parseRecordingRequest('r1', job({ storage }));
  expect(read).toThrow(message);
  expect(read).not.toThrow(/a private line|hidden/);
});

test('several files cannot go to one presigned address; one file and its backup can', () => {
  const storage = { kind: 'presigned', url: 'https://bucket.example/a?sig=secret' };
  const given = (outputs: object[]) => () => parseRecordingRequest('r1', job({ storage, outputs }));
  expect(given([{}, {}])).toThrow('outputs: name one presigned address for several files');
  expect(given([{}, { storage: { kind: 'presigned', url: { secret: 'other' } } }])).not.toThrow();
  expect(given([{ backup_storage: storage }])).not.toThrow();
});

test('a presigned address that is none is not quoted, and all of its query is secret', () => {
  const given = (url: string) => parseRecordingRequest('r1', job({ storage: { kind: 'presigned', url } }));
  expect(() => given('ftp://bucket.example/a?sig=secret')).toThrow(
    /^invalid job: storage\.url: must be an http or https address$/,
  );
  expect(secretsOf(given('https://bucket.example/a?b=short&c=1'))).toContain('b=short&c=1');
});

test('an output has the backup storage of the job, unless it has its own', () => {
  const backup_storage = { kind: 'local', directory: 'backup' };
  const outputs = [{}, { backup_storage: { kind: 'local', directory: 'other' } }];
  const request = parseRecordingRequest('r1', job({ backup_storage, outputs }));
  expect(request.outputs.map(({ backup }) => backup)).toEqual([
    { kind: 'local', directory: 'backup' },
    { kind: 'local', directory: 'other' },
  ]);
  expect(parseRecordingRequest('r1', job()).outputs[0]?.backup).toBe(null);
});

test("a settings object of the recording API is taken as it is, with the seed's example options", () => {
  const recording = {
    mode: 'available',
    audio_only: false,
    quality: '1080p',
    layout: {
      name: 'spotlight',
      options: {
        'logo.image_url': 'https://theme.example.com/logo.png',
        'logo.horizontal_position': 'center',
        'title.text': 'Building Stream Video Q&A',
        'title.horizontal_position': 'center',
        'title.color': 'black',
        'participant_label.border_radius': '0px',
        'participant.border_radius': '0px',
        'layout.spotlight.participants_bar_position': 'top',
        'layout.background_color': '#f2f2f2',
        'participant.placeholder_background_color': '#1f1f1f',
        'layout.single-participant.padding_inline': '20%',
        'participant_label.background_color': 'transparent',
      },
    },
  };
  expect(parseRecordingRequest('r1', job({ recording })).picture.heightPx).toBe(1080);
});

test('the session of a call is known by its id', () => {
  const given = { call: { id: 'standup', session_id: 's1' }, source: { kind: 'demo' } };
  expect(parseRecordingRequest('r1', given).call.sessionId).toBe('s1');
});

test('a request cannot be changed, and the job it came from can', () => {
  const given = layout({
    options: { custom_actions: [{ action_type: 'options_override', options: {}, condition: {} }] },
  });
  const request = parseRecordingRequest('r1', given);
  const parts = (value: unknown): unknown[] =>
    typeof value === 'object' && value !== null ? [value, ...Object.values(value).flatMap(parts)] : [];
  expect(parts(request).filter((part) => !Object.isFrozen(part))).toEqual([]);
  expect(parts(given).filter((part) => Object.isFrozen(part))).toEqual([]);
});

test('options are parsed into the newer vocabulary, and kept as the job wrote them beside that', () => {
  const options = { 'grid.cell_padding': 4, 'participant.label_text_color': 'red' };
  expect(parseRecordingRequest('r1', layout({ options })).layout).toMatchObject({
    options: { 'layout.grid.gap': '4px', 'participant_label.text_color': 'red' },
    wireOptions: options,
  });
});

test.each(['single_participant', 'single-participant'])('%s is the single participant layout', (name) => {
  expect(parseRecordingRequest('r1', layout({ name })).layout.name).toBe('single_participant');
});

describe('an external app has names of its own', () => {
  const externalLayout = (given: object) =>
    parseRecordingRequest('r1', layout({ external_app_url: 'https://app.example/', ...given })).layout;

  test.each([
    ['speaker-dark', null, 'speaker-dark'],
    ['my-layout', null, 'my-layout'],
    ['single-participant', 'single_participant', 'single-participant'],
    ['custom', null, null],
    ['', null, null],
    [undefined, null, null],
  ])('the layout %j', (name, ours, wireName) => {
    expect(externalLayout({ name })).toMatchObject({ name: ours, wireName });
  });

  test('its options are kept as they are, whatever they are; those that it shares with ours are read too', () => {
    const options = {
      'my_app.theme': { dark: true },
      'title.color': 'var(--mine)',
      'logo.image_url': 'https://a.example/logo.png',
      custom_actions: 'mine',
    };
    expect(externalLayout({ options })).toMatchObject({
      wireOptions: options,
      options: { 'logo.image_url': 'https://a.example/logo.png' },
    });
  });

  test('without one, a layout that the job does not name is spotlight', () => {
    expect(parseRecordingRequest('r1', job()).layout).toMatchObject({ name: 'spotlight', wireName: null });
  });
});

test.each([
  ['portrait-480x854', 480, 854],
  ['1440p', 2560, 1440],
])('quality %s is %i x %i pixels', (quality, widthPx, heightPx) => {
  const { picture } = parseRecordingRequest('r1', job({ recording: { quality } }));
  expect(picture).toMatchObject({ widthPx, heightPx });
});

describe('what does not fit is named', () => {
  test.each([
    ['no call', { source: { kind: 'demo' } }, 'call: is missing'],
    ['no call id', { call: {}, source: { kind: 'demo' } }, 'call.id: is missing'],
    ['an empty call id', { call: { id: ' ' }, source: { kind: 'demo' } }, 'call.id: must not be empty'],
    ['no source', { call: { id: 'a' } }, 'source: is missing: where does the call come from?'],
    [
      'an unknown source',
      job({ source: { kind: 'livekti' } }),
      'source.kind: unknown source "livekti": did you mean "livekit"?',
    ],
    [
      'an unknown layout',
      layout({ name: 'gird' }),
      'recording.layout.name: unknown layout "gird": did you mean "grid"?',
    ],
    [
      'an unknown option',
      layout({ options: { 'video.scale_mod': 'fit' } }),
      'unknown layout option "video.scale_mod": did you mean "video.scale_mode"?',
    ],
    [
      'a bad colour',
      layout({ options: { 'title.color': 'blak' } }),
      'layout option "title.color": "blak" is not a CSS colour',
    ],
    [
      'a bad address',
      layout({ external_css_url: 'nope' }),
      'recording.layout.external_css_url: is not an http or https address: "nope"',
    ],
    [
      'a file address',
      layout({ external_app_url: 'file:///etc/passwd' }),
      'recording.layout.external_app_url: is not an http or https address: "file:///etc/passwd"',
    ],
    [
      'a quality that does not exist',
      job({ recording: { quality: '721p' } }),
      'recording.quality: unknown quality "721p": did you mean "720p"?',
    ],
    [
      'a bucketless storage',
      job({ storage: { kind: 's3' } }),
      'storage.bucket: is missing: an s3 storage needs a bucket',
    ],
    [
      'a misspelled key',
      job({ recording: { qualty: '720p' } }),
      'recording.qualty: unknown key: did you mean "quality"?',
    ],
    [
      'a misspelled limit',
      job({ limits: { max_duration: 5 } }),
      'limits.max_duration: unknown key: did you mean "max_duration_s"?',
    ],
    [
      'a misspelled source key',
      job({ source: { kind: 'demo', participant: 3 } }),
      'source.participant: unknown key: did you mean "participants"?',
    ],
    ['an unknown kind', job({ kind: 'participant' }), 'kind: unknown kind "participant": known are composed'],
    [
      'a demo that is no app',
      job({ source: { kind: 'app' } }),
      '"app" needs recording.layout.external_app_url',
    ],
    [
      'a disabled recording',
      job({ recording: { mode: 'disabled' } }),
      'recording.mode: must be "available" or "auto-on"',
    ],
    [
      'a custom layout without its app',
      layout({ name: 'custom' }),
      'recording.layout.external_app_url: is needed for the layout "custom"',
    ],
  ])('%s', (_what, given, message) => {
    expect(() => parseRecordingRequest('r1', given)).toThrow(message);
  });

  test('every problem at once', () => {
    const given = {
      call: {},
      source: { kind: 'demo' },
      recording: { quality: 'best' },
      storage: { kind: 's3' },
    };
    expect(() => parseRecordingRequest('r1', given)).toThrow(/call\.id.*recording\.quality.*storage\.bucket/);
  });

  test('text that is not JSON', () => {
    expect(() => parseJobText('{"call": ')).toThrow(InvalidRequestError);
    expect(() => parseJobText('{"call": ')).toThrow('not JSON');
  });
});

test.each([
  [{ frame_rate: 29 }, 'recording.encoding.frame_rate: unknown frame rate "29"'],
  [{ container: 'mkv' }, 'recording.encoding.container: unknown container "mkv"'],
  [{ container: 'webm', h264_profile: 'high' }, 'goes with the container "mp4"'],
  [{ video_bitrate: 3000 }, 'did you mean "video_bitrate_kbps"'],
  [{ video_bitrate_kbps: 3 }, 'recording.encoding.video_bitrate_kbps'],
])('refuses the encoding %j', (encoding, message) => {
  expect(() => parseRecordingRequest('r1', job({ recording: { encoding } }))).toThrow(message);
});

test('gives 60 frames a second more bits', () => {
  const of = (frame_rate: number) =>
    parseRecordingRequest('r1', job({ recording: { encoding: { frame_rate } } })).outputs[0]?.encoding
      .videoBitrateBps;
  expect([of(30), of(60)]).toEqual([3_000_000, 4_500_000]);
});
