import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, test } from 'vitest';
import { authenticate } from '../../../../worker/api/auth/authenticate.ts';
import { apiConfig, KEYS } from '../../../support/startApi.ts';

const NOW_S = 1_767_323_100;
const NOW = new Date(NOW_S * 1000);
const config = apiConfig();

const signed = (claims: Record<string, unknown>, secret: string = KEYS.acme.secret, alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(secret));

const given = (authorization: string) =>
  authenticate({ apiKey: KEYS.acme.key, authorization, authType: 'jwt' }, config, NOW);

test('a token without a user is that of a server, with or without Bearer', async () => {
  const token = await signed({});
  const server = { tenant: 'acme', kind: 'server', userId: null };
  expect(await given(token)).toMatchObject(server);
  expect(await given(`Bearer ${token}`)).toMatchObject(server);
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
