import { expect, test } from 'vitest';
import { parseRecordingRequest } from '../../../shared/request/parseRecordingRequest.ts';
import { redactSecrets } from '../../../worker/redactSecrets.ts';

const layout = { external_app_url: 'https://app.example/' };

/** What is left of a text that quotes all these, once the secrets of the job are taken out. */
function redacted(quoted: readonly string[], job: object): string {
  const request = parseRecordingRequest('r1', { call: { id: 'a' }, recording: { layout }, ...job });
  return redactSecrets(quoted.join(' '), request);
}

test('the token of a LiveKit room is taken out, wherever it stands', () => {
  const source = { kind: 'livekit', url: 'wss://lk.example', token: 'jwt' };
  expect(redacted(['GET', '/?t=jwt', 'jwt'], { source })).toBe('GET /?t=[redacted] [redacted]');
});

test('the API key and the token of an app are taken out, its user is not', () => {
  const source = { kind: 'app', api_key: 'key-1', token: 'jwt-1', user_id: 'ada' };
  expect(redacted(['key-1', 'jwt-1', 'ada'], { source })).toBe('[redacted] [redacted] ada');
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

test('the secret of the webhook is taken out', () => {
  const webhook = { url: 'https://hooks.example/', secret: 'whsec_c2VjcmV0' };
  expect(redacted(['whsec_c2VjcmV0'], { webhook })).toBe('[redacted]');
});

test('a secret that holds another one is taken out whole', () => {
  const source = { kind: 'app', api_key: 'key', token: 'key-and-more' };
  expect(redacted(['key-and-more', 'key'], { source })).toBe('[redacted] [redacted]');
});

test('a request without secrets changes nothing', () => {
  expect(redacted(['an ordinary text'], { source: { kind: 'demo' } })).toBe('an ordinary text');
});
