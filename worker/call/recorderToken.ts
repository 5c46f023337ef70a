/**
 * Longer than any recording may last, so that the token is still valid when the page reconnects late in a
 * call.
 */
const TOKEN_TTL_S = 26 * 60 * 60;

/** A token that admits a hidden participant to a LiveKit room who may only subscribe. */
export async function recorderToken({
  room,
  identity,
  apiKey,
  apiSecret,
}: {
  readonly room: string;
  readonly identity: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}): Promise<string> {
  // The package is loaded only when it is needed, because it takes ten megabytes of memory.
  const { AccessToken } = await import('livekit-server-sdk');
  const token = new AccessToken(apiKey, apiSecret, { identity, ttl: TOKEN_TTL_S });
  token.addGrant({
    room,
    roomJoin: true,
    hidden: true,
    recorder: true,
    canSubscribe: true,
    canPublish: false,
    canPublishData: false,
  });
  return token.toJwt();
}
