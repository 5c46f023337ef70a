import type { Room } from 'livekit-client';

/** What livekit-client 2.23 opens with each connection, and uses only where it mixes the sound itself. */
interface RoomInside {
  readonly audioContext?: AudioContext;
}

/**
 * Closes the AudioContext that a room opens although it does not mix the sound. It is there because Safari then plays
 * audio elements sooner. Chromium renders its silence a hundred times a second and mixes it with the sound of the call. Call this
 * after each connect. If a version of livekit-client has no such context, it does nothing.
 */
export async function closeIdleSound(room: Room): Promise<void> {
  const { audioContext } = room as unknown as RoomInside;
  if (audioContext?.state === 'running' || audioContext?.state === 'suspended') await audioContext.close();
}
