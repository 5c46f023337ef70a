import { expect, test } from 'vitest';
import { lookUpSecrets } from '../../../../shared/request/lookUpSecrets.ts';
import {
  InvalidRequestError,
  parseRecordingRequest,
} from '../../../../shared/request/parseRecordingRequest.ts';
import { secretsOf } from '../../../../shared/request/secretsOf.ts';
import { storageDescriptorOf } from '../../../../shared/storages/storageTarget.ts';

const KNOWN: Readonly<Record<string, string>> = {
  token: 'jwt-of-the-call',
  key: 'AKIA',
  hook: 'whsec_c2VjcmV0',
  none: 'not base64!',
};
const lookUp = async (name: string) => {
  const secret = KNOWN[name];
  if (secret === undefined) throw new Error(`the worker has no secret named "${name}"`);
  return secret;
};
const named = (secret: string) => ({ secret });
const parse = (job: object) => parseRecordingRequest('r1', { call: { id: 'a' }, ...job });
const LIVEKIT = { kind: 'livekit', url: 'wss://lk.example' };

test('every secret of a job can be named, and is known afterwards', async () => {
  const keys = {
    access_key_id: named('key'),
    secret_access_key: named('token'),
    session_token: named('token'),
  };
  const parsed = parse({
    source: { ...LIVEKIT, api_key: named('key'), api_secret: named('token') },
    storage: { kind: 's3', bucket: 'b', ...keys },
    webhook: { url: 'https://hooks.example', secret: named('hook') },
  });
  expect(secretsOf(parsed)).toEqual([]);
  const request = await lookUpSecrets(parsed, lookUp);
  expect(request).toMatchObject({
    source: { apiKey: 'AKIA', apiSecret: 'jwt-of-the-call', token: null },
    outputs: [
      {
        storage: {
          accessKeyId: 'AKIA',
          secretAccessKey: 'jwt-of-the-call',
          sessionToken: 'jwt-of-the-call',
        },
      },
    ],
    webhook: { secret: 'whsec_c2VjcmV0' },
  });
  expect(secretsOf(request)).toEqual(['jwt-of-the-call', 'whsec_c2VjcmV0']);
  expect(Object.isFrozen(request.outputs[0]?.storage)).toBe(true);
  const app = parse({
    source: { kind: 'app', api_key: named('key'), token: named('token') },
    recording: { layout: { external_app_url: 'https://app.example' } },
  });
  expect((await lookUpSecrets(app, lookUp)).source).toMatchObject({
    apiKey: 'AKIA',
    token: 'jwt-of-the-call',
  });
});

test('a request without named secrets is the same afterwards', async () => {
  const parsed = parse({
    source: { ...LIVEKIT, token: 'jwt' },
    recording: {
      layout: { options: { custom_actions: [], 'grid.columns': 2, 'title.text': 'a' } },
    },
    webhook: { url: 'https://hooks.example' },
  });
  expect(await lookUpSecrets(parsed, lookUp)).toEqual(parsed);
});

test.each([
  ['source.token', { source: { ...LIVEKIT, token: named('other') } }],
  [
    'outputs.0.storage.secret_access_key',
    {
      source: LIVEKIT,
      storage: { kind: 's3', bucket: 'b', access_key_id: 'a', secret_access_key: named('other') },
    },
  ],
])('a secret at %s that is missing is an error of the job', async (path, job) => {
  const looked = lookUpSecrets(parse(job), lookUp);
  await expect(looked).rejects.toThrow(InvalidRequestError);
  await expect(looked).rejects.toThrow(`invalid job: ${path}: the worker has no secret named "other"`);
});

test('a secret that cannot sign webhooks is refused, and not quoted', async () => {
  const parsed = parse({ source: LIVEKIT, webhook: { url: 'https://hooks.example', secret: named('none') } });
  const refused = lookUpSecrets(parsed, lookUp);
  await expect(refused).rejects.toThrow('webhook.secret: the secret of this name is not a signing secret');
  await expect(refused).rejects.not.toThrow('base64!');
});

test.each([
  ['a name in a field that is no secret', { call: { id: named('token') }, source: LIVEKIT }, 'call.id'],
  ['an address', { source: { ...LIVEKIT, url: named('token') } }, 'source.url'],
  ['a path as a name', { source: { ...LIVEKIT, token: named('../../etc/passwd') } }, 'source.token'],
  ['a hidden file as a name', { source: { ...LIVEKIT, token: named('.env') } }, 'source.token'],
  ['another key beside the name', { source: { ...LIVEKIT, token: { secret: 'a', b: 1 } } }, 'source.token.b'],
  [
    'a key without its secret',
    { source: { ...LIVEKIT, api_key: named('a') } },
    'api_key and api_secret go together',
  ],
  [
    'a token beside a key',
    { source: { ...LIVEKIT, token: 'a', api_key: named('a'), api_secret: named('a') } },
    'either a token',
  ],
])('%s is refused', (_, job, message) => {
  expect(() => parse(job)).toThrow(InvalidRequestError);
  expect(() => parse(job)).toThrow(message);
});

test('the key of a service account can be named, and is refused without being quoted where it is none', async () => {
  const account = {
    ...{ type: 'service_account', client_email: 'recorder@acme.example' },
    private_key: '-----BEGIN PRIVATE KEY-----\nprivate\n-----END PRIVATE KEY-----\n',
    token_uri: 'https://tokens.example/token',
  };
  const gcs = (name: string) =>
    parse({ source: LIVEKIT, storage: { kind: 'gcs', bucket: 'calls', credentials: named(name) } });
  const known = async (name: string) => (name === 'account' ? JSON.stringify(account) : 'quoted');
  expect(secretsOf(gcs('account'))).toEqual([]);
  const looked = await lookUpSecrets(gcs('account'), known);
  expect(secretsOf(looked)).toEqual([JSON.stringify(account), account.private_key]);
  const [storage] = looked.outputs.flatMap((output) => output.storage ?? []);
  expect(storage && storageDescriptorOf(storage).addressesOf(storage)).toEqual([
    'https://tokens.example/token',
  ]);
  await expect(lookUpSecrets(gcs('none'), known)).rejects.toThrow(
    /^invalid job: storage\.credentials: the secret of this name is not the JSON of a service account's key: it is no JSON object$/,
  );
});

test('a presigned address can be named, and is refused without being quoted where it is none', async () => {
  const presigned = (name: string) =>
    parse({ source: LIVEKIT, storage: { kind: 'presigned', url: named(name) } });
  const known = (name: string) => (name === 'put' ? 'https://bucket.example/a?sig=b' : 'ftp://quoted');
  const looked = await lookUpSecrets(presigned('put'), async (name) => known(name));
  expect(secretsOf(looked)).toContain('https://bucket.example/a?sig=b');
  await expect(lookUpSecrets(presigned('none'), async (name) => known(name))).rejects.toThrow(
    /^invalid job: storage\.url: the secret of this name is no http or https address$/,
  );
});
