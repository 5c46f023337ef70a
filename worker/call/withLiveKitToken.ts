import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { deepFreeze } from '../../shared/wire/deepFreeze.ts';
import { recorderToken } from './recorderToken.ts';

/**
 * Returns the request with a token if it is a LiveKit request: its own token, or one that is minted with the
 * worker's key. The minted token admits a hidden participant to the room `call.id` who may only subscribe.
 * Throws InvalidRequestError if there is neither a token nor a key.
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
  const { liveKitApiKey: apiKey, liveKitApiSecret: apiSecret } = keys;
  const of = { room: request.call.id, identity: `recorder-${request.id}` };
  const token = await recorderToken({ ...of, apiKey, apiSecret });
  return deepFreeze({ ...request, source: { ...source, token } });
}
