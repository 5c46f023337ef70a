import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { deepFreeze } from '../../shared/wire/deepFreeze.ts';

/**
 * Longer than any recording may last, so that the token is still valid when the page reconnects late in a
 * call.
 */
const TOKEN_TTL_S = 26 * 60 * 60;

/**
 * Returns the request with a token if it is a LiveKit request: its own token, or one that is minted with the
 * worker's key. The minted token admits a hidden participant to the room `call.id` who may only subscribe.
 * `identity` is another one than usual where two pages of the recording are in the call for a moment: the server puts
 * one of them out otherwise. Throws InvalidRequestError if there is neither a token nor a key.
 */
export async function withLiveKitToken(
  request: RecordingRequest,
  keys: { liveKitApiKey: string | null; liveKitApiSecret: string | null },
  identity = `recorder-${request.id}`,
): Promise<RecordingRequest> {
  const { source } = request;
  if (source.kind !== 'livekit' || source.token !== null) return request;
  if (keys.liveKitApiKey === null || keys.liveKitApiSecret === null) {
    const message = 'is missing, and the worker has no LIVEKIT_API_KEY and LIVEKIT_API_SECRET to mint one';
    throw new InvalidRequestError([{ path: 'source.token', message }]);
  }
  // The package is loaded only when it is needed, because it takes ten megabytes of memory.
  const { AccessToken } = await import('livekit-server-sdk');
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
