import { messageOf } from '../recordingError.ts';
import type { Api } from './api.ts';
import { currentRecording } from './recordings/currentRecording.ts';

/** Recordings last for minutes, and whoever asks for one looks it up anyway. */
const EVERY_MS = 10_000;

/** Follows the recordings that nobody asks for, so that what the workers told of them is kept in time. */
export function followOpen(api: Api): { close(): Promise<void> } {
  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    running ??= lookAtOpen(api)
      .catch((error) =>
        api.log.warn({ reason: messageOf(error) }, 'the open recordings could not be looked up'),
      )
      .finally(() => {
        running = null;
      });
  }, EVERY_MS);
  timer.unref();
  return {
    close: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** Looks up every recording that is not over, of all tenants or of one. */
export async function lookAtOpen(api: Api, ofTenant?: string): Promise<void> {
  for (const { tenant, id } of await api.store.recordings.open()) {
    if (ofTenant !== undefined && tenant !== ofTenant) continue;
    const row = await api.store.recordings.get(tenant, id);
    if (row) await currentRecording(api, row);
    // Its record has expired, so it must have ended long ago.
    else await api.store.recordings.update(tenant, id, (before) => before);
  }
}
