import { TokenVerifier } from 'livekit-server-sdk';
import { expect, test } from 'vitest';
import { InvalidRequestError } from '../../../../shared/request/parseRecordingRequest.ts';
import type { LiveKitCallSource } from '../../../../shared/sources/callSource.ts';
import { withLiveKitToken } from '../../../../worker/call/withLiveKitToken.ts';
import { requestOf } from '../../../support/requestOf.ts';

const KEYS = {
  liveKitApiKey: 'api-key',
  liveKitApiSecret: 'a-secret-for-tests-of-more-than-32-letters',
  liveKitUrls: null,
};
const NO_KEYS = { liveKitApiKey: null, liveKitApiSecret: null, liveKitUrls: null };

const requestWith = (source: object) => requestOf('r1', { call: { id: 'standup' }, source });
const LIVEKIT = { kind: 'livekit', url: 'wss://lk.example' };

test('a minted token lets a hidden recorder listen in the room of the call, and nothing else', async () => {
  const { source } = await withLiveKitToken(requestWith(LIVEKIT), KEYS);
  const verifier = new TokenVerifier(KEYS.liveKitApiKey, KEYS.liveKitApiSecret);
  const claims = await verifier.verify((source as LiveKitCallSource).token ?? '');
  expect(claims.sub).toBe('recorder-r1');
  expect(claims.video).toEqual({
    room: 'standup',
    roomJoin: true,
    hidden: true,
    recorder: true,
    canSubscribe: true,
    canPublish: false,
    canPublishData: false,
  });
});

test('a minted token is good for longer than the longest recording', async () => {
  const { source } = await withLiveKitToken(requestWith(LIVEKIT), KEYS);
  const verifier = new TokenVerifier(KEYS.liveKitApiKey, KEYS.liveKitApiSecret);
  const { exp = 0, nbf = 0 } = await verifier.verify((source as LiveKitCallSource).token ?? '');
  expect(exp - nbf).toBeGreaterThan(86_400);
});

test('the request with the token is otherwise the same, and frozen', async () => {
  const request = requestWith(LIVEKIT);
  const minted = await withLiveKitToken(request, KEYS);
  expect({ ...minted, source: request.source }).toEqual(request);
  expect([Object.isFrozen(minted), Object.isFrozen(minted.source)]).toEqual([true, true]);
});

test("the job's own token is kept", async () => {
  const request = requestWith({ ...LIVEKIT, token: 'jwt' });
  expect(await withLiveKitToken(request, KEYS)).toBe(request);
});

test('a source of another kind needs no token', async () => {
  const request = requestWith({ kind: 'demo' });
  expect(await withLiveKitToken(request, NO_KEYS)).toBe(request);
});

test.each([
  NO_KEYS,
  { ...KEYS, liveKitApiSecret: null },
  { ...KEYS, liveKitApiKey: null },
])('without a token, and with the keys %j, the job is refused', async (keys) => {
  const refused = withLiveKitToken(requestWith(LIVEKIT), keys);
  await expect(refused).rejects.toThrow(InvalidRequestError);
  await expect(refused).rejects.toThrow('source.token: is missing, and the worker has no LIVEKIT_API_KEY');
});

test('a key of the job mints the token, and is no part of the request afterwards', async () => {
  const own = { api_key: 'own-key', api_secret: 'another-secret-of-more-than-32-letters' };
  const { source } = await withLiveKitToken(requestWith({ ...LIVEKIT, ...own }), KEYS);
  const { token, apiKey, apiSecret } = source as LiveKitCallSource;
  const claims = await new TokenVerifier(own.api_key, own.api_secret).verify(token ?? '');
  expect(claims).toMatchObject({ iss: 'own-key', video: { room: 'standup' } });
  expect([apiKey, apiSecret]).toEqual([null, null]);
});

test("the worker's key mints tokens for the servers that it is for, and for no other", async () => {
  const keys = { ...KEYS, liveKitUrls: ['lk.example'] };
  const { source } = await withLiveKitToken(requestWith(LIVEKIT), keys);
  expect((source as LiveKitCallSource).token).not.toBeNull();
  const elsewhere = requestWith({ kind: 'livekit', url: 'wss://lk.example:7880' });
  await expect(withLiveKitToken(elsewhere, keys)).rejects.toThrow('only for the servers of LIVEKIT_URL');
});
