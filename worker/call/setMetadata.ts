const LIMIT_MS = 10_000;
/** What LiveKit answers where the room or the participant is not there. */
const NOT_FOUND = 404;

/** A participant of a room, and who may change them. */
export interface ChangedParticipant {
  /** Of the LiveKit server, as clients connect to it: `ws`, `wss`, `http` or `https`. */
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly room: string;
  readonly identity: string;
  readonly metadata: string;
}

/** Sets the metadata of a participant. Resolves to whether they are there. Throws what the server says or why it is not reached. */
export async function setMetadata(given: ChangedParticipant): Promise<boolean> {
  const { url, apiKey, apiSecret, room, identity, metadata } = given;
  // The package is loaded only when it is needed, because it takes ten megabytes of memory.
  const { RoomServiceClient } = await import('livekit-server-sdk');
  const host = url.replace(/^ws/, 'http');
  const client = new RoomServiceClient(host, apiKey, apiSecret, { requestTimeout: LIMIT_MS / 1000 });
  try {
    await client.updateParticipant(room, identity, { metadata });
    return true;
  } catch (error) {
    if ((error as { readonly status?: number }).status === NOT_FOUND) return false;
    throw error;
  }
}
