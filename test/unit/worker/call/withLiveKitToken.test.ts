import { TokenVerifier } from 'livekit-server-sdk';
import { expect, test } from 'vitest';
import {
  InvalidRequestError,
  parseRecordingRequest,
} from '../../../../shared/request/parseRecordingRequest.ts';
import type { LiveKitCallSource } from '../../../../shared/sources/callSource.ts';
import { withLiveKitToken } from '../../../../worker/call/withLiveKitToken.ts';

const KEYS = { liveKitApiKey: 'api-key', liveKitApiSecret: 'a-secret-for-tests-of-more-than-32-letters' };
const NO_KEYS = { liveKitApiKey: null, liveKitApiSecret: null };

const requestWith = (source: object) => parseRecordingRequest('r1', { call: { id: 'standup' }, source });
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
