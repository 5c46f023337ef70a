import { describe, expect, test } from 'vitest';
import { parseRecordingRequest } from '../../../shared/request/parseRecordingRequest.ts';
import { redactSecrets } from '../../../worker/redactSecrets.ts';

const layout = { external_app_url: 'https://app.example/' };

/** What is left of a text that quotes all these, once the secrets of the job are taken out. */
function redacted(quoted: readonly string[], job: object): string {
  const request = parseRecordingRequest('r1', { call: { id: 'a' }, recording: { layout }, ...job });
  return redactSecrets(quoted.join(' '), request);
}

test('the token of a LiveKit room is taken out, wherever it stands', () => {
  const source = { kind: 'livekit', url: 'wss://lk.example', token: 'jwt.of.ada' };
  const quoted = ['GET', '/?t=jwt.of.ada', 'jwt.of.ada', 'xjwt.of.aday'];
  expect(redacted(quoted, { source })).toBe('GET /?t=[redacted] [redacted] x[redacted]y');
});

test('the API key and the token of an app are taken out, its user is not', () => {
  const source = { kind: 'app', api_key: 'api-key-1', token: 'app-token-1', user_id: 'ada-lovelace' };
  const quoted = ['api-key-1', 'app-token-1', 'ada-lovelace'];
  expect(redacted(quoted, { source })).toBe('[redacted] [redacted] ada-lovelace');
});

test('the secret keys of every storage are taken out, the bucket and the key id are not', () => {
  const keys = (letter: string) => ({
    access_key_id: `id-${letter}`,
    secret_access_key: `secret-${letter}`,
    session_token: `session-${letter}`,
  });
  const outputs = ['a', 'b'].map((letter) => ({ storage: { kind: 's3', bucket: 'calls', ...keys(letter) } }));
  const quoted = ['calls', 'id-a', 'secret-a', 'session-a', 'id-b', 'secret-b', 'session-b'];
  expect(redacted(quoted, { outputs })).toBe('calls id-a [redacted] [redacted] id-b [redacted] [redacted]');
});

test('the secret keys of a backup storage are taken out', () => {
  const backup_storage = { kind: 's3', bucket: 'calls', access_key_id: 'id', secret_access_key: 'secret-b' };
  expect(redacted(['secret-b'], { backup_storage })).toBe('[redacted]');
});

test('the key of an Azure account and the secret of an application are taken out, names are not', () => {
  const of = (more: object) => ({ storage: { kind: 'azure', account: 'acme', container: 'calls', ...more } });
  const application = { tenant_id: 'directory', client_id: 'client-1', client_secret: 'its-secret' };
  expect(redacted(['acme', 'key-of-acme'], of({ account_key: 'key-of-acme' }))).toBe('acme [redacted]');
  expect(redacted(['directory', 'client-1', 'its-secret'], of(application))).toBe(
    'directory client-1 [redacted]',
  );
});

test("the key of a service account is taken out as it is, and so is the private key in it; the account's name is not", () => {
  const account = {
    ...{ type: 'service_account', client_email: 'recorder@acme.example' },
    private_key: '-----BEGIN PRIVATE KEY-----\nMIIEvAIBADANBgkqhkiG\n-----END PRIVATE KEY-----\n',
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const credentials = JSON.stringify(account);
  const storage = { kind: 'gcs', bucket: 'calls', credentials };
  expect(redacted([credentials], { storage })).toBe('[redacted]');
  expect(redacted([JSON.stringify({ credentials })], { storage })).toBe('{"credentials":"[redacted]"}');
  expect(redacted([account.private_key], { storage })).toBe('[redacted]');
  expect(redacted(['recorder@acme.example'], { storage })).toBe('recorder@acme.example');
});

test('a signed address is taken out, its query also by itself, and what is before it is not', () => {
  const url = 'https://bucket.example/a.mp4?X-Amz-Expires=60&X-Amz-Signature=0123456789';
  const storage = { kind: 'presigned', url };
  const quoted = [
    url,
    'X-Amz-Expires=60&X-Amz-Signature=0123456789',
    '0123456789',
    'https://bucket.example/a.mp4',
  ];
  expect(redacted(quoted, { storage })).toBe('[redacted] [redacted] [redacted] https://bucket.example/a.mp4');
});

test('the secret of the webhook is taken out', () => {
  const webhook = { url: 'https://hooks.example/', secret: 'whsec_c2VjcmV0' };
  expect(redacted(['whsec_c2VjcmV0'], { webhook })).toBe('[redacted]');
});

test('a secret that holds another one is taken out whole', () => {
  const source = { kind: 'app', api_key: 'long-key', token: 'long-key-and-more' };
  expect(redacted(['long-key-and-more', 'long-key'], { source })).toBe('[redacted] [redacted]');
});

test('a request without secrets changes nothing', () => {
  expect(redacted(['an ordinary text'], { source: { kind: 'demo' } })).toBe('an ordinary text');
});

describe('a secret of a few letters', () => {
  const source = { kind: 'app', token: 'token', api_key: 'e' };

  test.each([
    'the token has expired',
    'tokens and tokenizers: e.g. every letter',
    'error: The page shows nothing',
    'code=invalid_token&retry=yes',
  ])('is not looked for among words: %s', (message) => {
    expect(redacted([message], { source })).toBe(message);
  });

  test.each([
    ['https://lk.example/rtc?t=token&x=1', 'https://lk.example/rtc?t=[redacted]&x=1'],
    ['{"token":"token"}', '{"token":"[redacted]"}'],
    ["refused 'token'", "refused '[redacted]'"],
    ['Authorization: token', 'Authorization: [redacted]'],
    ['token', '[redacted]'],
  ])('is taken out where it is a value: %s', (message, left) => {
    expect(redacted([message], { source })).toBe(left);
  });
});

describe('a secret is found however it is written', () => {
  const token = 'a/b+c d"e\\fé=\n&';
  const source = { kind: 'app', token };
  const json = JSON.stringify(token).slice(1, -1);
  const percent = encodeURIComponent(token);

  test.each([
    ['as it is', token],
    ['in an address', percent],
    ['in an address, in lower case', percent.toLowerCase()],
    ['in an address, in part', encodeURI(token)],
    ['in an address in an address', encodeURIComponent(percent)],
    ['in a form', new URLSearchParams({ t: token }).toString().slice(2)],
    ['as JSON', json],
    ['as JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['as JSON in ASCII', json.replace('é', '\\u00E9')],
    ['as JSON with escaped slashes', json.replace('/', '\\/')],
  ])('%s', (_how, written) => {
    expect(redacted([`<${written}>`], { source })).toBe('<[redacted]>');
  });
});

describe('secrets in addresses', () => {
  const jobWith = (app: string, hook: string) => ({
    source: { kind: 'app' },
    recording: { layout: { external_app_url: app } },
    webhook: { url: hook },
  });

  test('passwords and query values that look like tokens are taken out of what quotes them', () => {
    const app =
      'https://ada:p%40ss-word-1@app.example/?theme=dark&access_token=opensesame&room=standup#key=0123456789';
    const hook = 'https://hooks.example/?sig=AbCdEfGhIjKl&v=2&opaque=0a1b2c3d4e5f60718293a4b5c6d7';
    const quoted = [app, hook, 'p@ss-word-1'];
    expect(redacted(quoted, jobWith(app, hook))).toBe(
      'https://ada:[redacted]@app.example/?theme=dark&access_token=[redacted]&room=standup#key=[redacted] ' +
        'https://hooks.example/?sig=[redacted]&v=2&opaque=[redacted] [redacted]',
    );
  });

  test('a user without a password is a token', () => {
    const hook = 'https://0123456789abcdef@hooks.example/';
    expect(redacted([hook], jobWith('https://app.example/', hook))).toBe('https://[redacted]@hooks.example/');
  });

  test('ordinary addresses stay as they are', () => {
    const app = 'https://app.example/?layout=grid&keyboard=qwerty&author=somebody-else&encode=wholly%zz';
    expect(redacted([app], jobWith(app, 'https://hooks.example/calls'))).toBe(app);
  });
});

test('a hundred long messages take no time', () => {
  const source = { kind: 'app', token: `${'a'.repeat(2000)}.${'\\'.repeat(200)}` };
  const request = parseRecordingRequest('r1', { call: { id: 'a' }, recording: { layout }, source });
  const before = process.cpuUsage();
  for (let count = 0; count < 100; count++)
    redactSecrets(`${'\\'.repeat(5_000)}${'a%2'.repeat(5_000)}`, request);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(1_000);
});

test.each([
  'a',
  '-',
  'é',
  '😀',
  '\\',
  '"',
  '1.',
])('a token of 8,000 characters of "%s" is taken out, and holds up nothing', (sign) => {
  const token = sign.repeat(8_000 / sign.length);
  const source = { kind: 'livekit', url: 'wss://lk.example', token };
  const before = process.cpuUsage();
  expect(redacted(['<', token, '>'], { source }).replaceAll(/\s/g, '')).toBe('<[redacted]>');
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(300);
});
