import { InvalidRequestError } from '../../shared/request/parseRecordingRequest.ts';
import type { RecordingRequest } from '../../shared/request/recordingRequest.ts';
import { deepFreeze } from '../../shared/wire/deepFreeze.ts';
import { recorderToken } from './recorderToken.ts';

/** The worker's own key, and the servers that it is for; null for any. */
interface WorkerKeys {
  readonly liveKitApiKey: string | null;
  readonly liveKitApiSecret: string | null;
  readonly liveKitUrls: readonly string[] | null;
}

/**
 * Returns the request with a token if it is a LiveKit request: its own token, or one that is minted with the job's key
 * or the worker's. The minted token admits a hidden participant to the room `call.id` who may only subscribe. The key is
 * no part of the request any more. `identity` is another one than usual where two pages of the recording are in the call
 * for a moment: the server puts one of them out otherwise. Throws InvalidRequestError if there is neither a token nor a
 * key, or if the worker's key is not meant for this server.
 */
export async function withLiveKitToken(
  request: RecordingRequest,
  ofWorker: WorkerKeys,
  identity = `recorder-${request.id}`,
): Promise<RecordingRequest> {
  const { source } = request;
  if (source.kind !== 'livekit' || source.token !== null) return request;
  const keys = source.apiKey === null ? keysFor(source.url, ofWorker) : source;
  const { apiKey, apiSecret } = keys;
  const of = { room: request.call.id, identity };
  const token = await recorderToken({ ...of, apiKey: apiKey ?? '', apiSecret: apiSecret ?? '' });
  return deepFreeze({
    ...request,
    source: { ...source, apiKey: null, apiSecret: null, token },
  });
}

/** A token would let whoever runs the server into the room of the same name on the worker's own server. */
function keysFor(url: string, { liveKitApiKey, liveKitApiSecret, liveKitUrls }: WorkerKeys) {
  if (liveKitApiKey === null || liveKitApiSecret === null) {
    const message = 'is missing, and the worker has no LIVEKIT_API_KEY and LIVEKIT_API_SECRET to mint one';
    throw new InvalidRequestError([{ path: 'source.token', message }]);
  }
  if (liveKitUrls !== null && !liveKitUrls.includes(new URL(url).host)) {
    const message = 'is missing, and the worker mints tokens only for the servers of LIVEKIT_URL';
    throw new InvalidRequestError([{ path: 'source.token', message }]);
  }
  return { apiKey: liveKitApiKey, apiSecret: liveKitApiSecret };
}
