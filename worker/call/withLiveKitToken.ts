import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { deepFreeze } from '../../shared/wire/deepFreeze.ts';

/** Longer than any recording may last, so that a reconnect late in a call still has a valid token. */
const TOKEN_TTL_S = 26 * 60 * 60;

/**
 * A LiveKit request that has a token: its own, or one minted with the worker's key for the room `call.id`,
 * for a hidden participant that may only subscribe. Throws InvalidRequestError where there is neither.
 */
export async function withLiveKitToken(
  request: RecordingRequest,
  keys: { liveKitApiKey: string | null; liveKitApiSecret: string | null },
): Promise<RecordingRequest> {
  const { source } = request;
  if (source.kind !== 'livekit' || source.token !== null) return request;
  if (keys.liveKitApiKey === null || keys.liveKitApiSecret === null) {
    const message = 'is missing, and the worker has no LIVEKIT_API_KEY and LIVEKIT_API_SECRET to mint one';
    throw new InvalidRequestError([{ path: 'source.token', message }]);
  }
  // Only where it is needed: it takes up ten megabytes.
  const { AccessToken } = await import('livekit-server-sdk');
  const identity = `recorder-${request.id}`;
  const token = new AccessToken(keys.liveKitApiKey, keys.liveKitApiSecret, {
    identity,
    ttl: TOKEN_TTL_S,
  });
  token.addGrant({
    room: request.call.id,
    roomJoin: true,
    hidden: true,
    recorder: true,
    canSubscribe: true,
    canPublish: false,
    canPublishData: false,
  });
  return deepFreeze({ ...request, source: { ...source, token: await token.toJwt() } });
}
