import { ExternalE2EEKeyProvider, type RoomOptions } from 'livekit-client';
import DecryptionWorker from 'livekit-client/e2ee-worker?worker';

/** What a room needs to read a call that is encrypted end to end with a key that its people share, as a text. */
export async function encryptionWith(key: string): Promise<NonNullable<RoomOptions['encryption']>> {
  const keyProvider = new ExternalE2EEKeyProvider();
  await keyProvider.setKey(key);
  return { keyProvider, worker: new DecryptionWorker() };
}
