import { SignJWT, UnsecuredJWT } from 'jose';
import { AccessToken } from 'livekit-server-sdk';
import { expect, test } from 'vitest';
import { authenticate } from '../../../../worker/api/auth/authenticate.ts';
import { egressWebhookRequest } from '../../../../worker/api/livekit/egressWebhook.ts';
import { recorderToken } from '../../../../worker/call/recorderToken.ts';
import { apiConfig, KEYS } from '../../../support/startApi.ts';

const NOW_S = 1_767_323_100;
const NOW = new Date(NOW_S * 1000);
const config = apiConfig();

const signed = (claims: Record<string, unknown>, secret: string = KEYS.acme.secret, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));

const given = (authorization: string, now = NOW) =>
  authenticate({ apiKey: KEYS.acme.key, authorization, authType: 'jwt' }, config, now);

test('a token without a user is that of a server, with or without Bearer', async () => {
  const token = await signed({});
  const server = { tenant: 'acme', kind: 'server', userId: null };
  expect(await given(token)).toMatchObject(server);
  expect(await given(`Bearer ${token}`)).toMatchObject(server);
});

test.each([
  ["Stream's client for Node", { server: true }],
  ["Stream's client for Python", { iat: NOW_S }],
  ['our own client', { exp: NOW_S + 3600 }],
  ['someone who says more', { role: 'admin', iss: 'billing', jti: 'one', nbf: NOW_S, exp: NOW_S + 60 }],
])('the token of a server as it is signed by %s', async (_, claims) => {
  expect(await given(await signed(claims))).toMatchObject({ kind: 'server', userId: null });
});

const { key, secret } = KEYS.acme;
const OF_ANOTHER_PURPOSE: readonly [string, string, () => Promise<string>][] = [
  [
    'shows who sends a webhook of an egress',
    'sha256',
    async () => {
      const hook = { kind: 'livekit', url: 'https://hook.example', account: key } as const;
      const sent = await egressWebhookRequest(hook, '{}', secret, Date.now());
      return String((sent as { headers: Record<string, string> }).headers.authorization);
    },
  ],
  [
    'lets a recorder join a room',
    'video',
    () => recorderToken({ room: 'standup', identity: 'recorder-1', apiKey: key, apiSecret: secret }),
  ],
  [
    'names a participant of LiveKit and grants nothing',
    'sub',
    () => new AccessToken(key, secret, { identity: 'ann' }).toJwt(),
  ],
  [
    'lets a browser join a room of VideoSDK',
    'apikey',
    () => signed({ apikey: key, roles: ['rtc'], roomId: 'standup' }),
  ],
  ['is meant for somebody else', 'aud', () => signed({ aud: 'billing' })],
  ['has lost its user', 'user_id', () => signed({ user_id: '' })],
  ['has lost its user in another way', 'user_id', () => signed({ user_id: null })],
  ['is limited to calls', 'call_cids', () => signed({ call_cids: ['default:standup'] })],
];
test.each(OF_ANOTHER_PURPOSE)('a token that %s is not that of a server', async (_, claim, sign) => {
  const error = await given(await sign(), new Date()).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 5, status: 401 });
  expect(error.message).toContain(`its claim "${claim}" is none of a server's token`);
});

test('a token that names a user is never that of a server', async () => {
  expect(await given(await signed({ user_id: 'ann', server: true }))).toMatchObject({
    kind: 'user',
    userId: 'ann',
  });
});

test.each([
  ['an hour left', { exp: NOW_S + 3600 }, null],
  ['expired within the leeway', { exp: NOW_S - 5 }, null],
  ['expired before the leeway', { exp: NOW_S - 15 }, 40],
  ['issued a little later than now', { iat: NOW_S + 5 }, null],
  ['issued much later than now', { iat: NOW_S + 60 }, 42],
  ['not valid yet', { nbf: NOW_S + 60 }, 41],
  ['a time that is no number', { exp: 'tomorrow' }, 5],
  ['a user that is no text', { user_id: 5 }, 5],
  ['calls that are no list', { user_id: 'ann', call_cids: 'default:a' }, 5],
])('a token that has %s', async (_, claims, code) => {
  const answer = given(await signed({ user_id: 'ann', ...claims }));
  if (code === null) await expect(answer).resolves.toMatchObject({ userId: 'ann' });
  else await expect(answer).rejects.toMatchObject({ code, status: 401 });
});

test('whatever is no token of this key is refused, and told without quoting it', async () => {
  const forged = await signed({}, 'another secret, not ours');
  const unsigned = new UnsecuredJWT({ user_id: 'ann' }).encode();
  const token = await signed({});
  const cases: readonly [string | undefined, string | undefined, number][] = [
    [forged, KEYS.acme.key, 43],
    [await signed({}, KEYS.acme.secret, 'HS512'), KEYS.acme.key, 5],
    [unsigned, KEYS.acme.key, 5],
    ['nonsense', KEYS.acme.key, 5],
    ['', KEYS.acme.key, 5],
    [undefined, KEYS.acme.key, 5],
    [token, '', 2],
    [token, undefined, 2],
    [token, 'unknown-key', 2],
    [token, '__proto__', 2],
  ];
  for (const [authorization, apiKey, code] of cases) {
    const error = await authenticate({ apiKey, authorization, authType: 'jwt' }, config, NOW).catch(
      (thrown) => thrown,
    );
    expect(error).toMatchObject({ code, status: 401 });
    expect(error.message).not.toMatch(/eyJ|nonsense|unknown-key/);
  }
});
