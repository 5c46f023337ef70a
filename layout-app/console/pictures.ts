import { CompositorError } from '../../worker/client/api/compositorError.ts';
import type { Client } from '../../worker/client/api/createClient.ts';
import { isSessionOver } from './session/isSessionOver.ts';

/** A picture is of the last second. */
const EVERY_MS = 1_000;
/** Of all recordings together, so that several pages with many stay below what a client may ask for in a minute. */
const MOST_IN_A_SECOND = 3;
/** A recording without a picture, because it begins or ends, is asked again after this time. */
const AFTER_NONE_MS = 3_000;

export interface Pictures {
  /** Calls back with the address of each new picture, or null while there is none, until the returned function is called. */
  follow(id: string, onPicture: (address: string | null) => void): () => void;
  close(): void;
}

interface Followed {
  readonly listeners: Set<(address: string | null) => void>;
  address: string | null;
  dueAtMs: number;
}

/**
 * Asks for the pictures that somebody sees, in turn, and for none while the page is hidden. `onSessionOver` is told when the
 * server does not take the token any more.
 */
export function openPictures(
  client: Pick<Client, 'picture'>,
  onSessionOver: (error: unknown) => void,
): Pictures {
  const followed = new Map<string, Followed>();
  let pausedUntilMs = 0;
  let isAsking = false;
  let isClosed = false;

  const timer = setInterval(ask, EVERY_MS / MOST_IN_A_SECOND);

  async function ask(): Promise<void> {
    const now = performance.now();
    if (isAsking || document.visibilityState === 'hidden' || now < pausedUntilMs) return;
    const [next] = [...followed].sort(([, one], [, other]) => one.dueAtMs - other.dueAtMs);
    if (!next || next[1].dueAtMs > now) return;
    isAsking = true;
    const [id, one] = next;
    one.dueAtMs = now + EVERY_MS;
    try {
      show(one, URL.createObjectURL(await client.picture(id)));
    } catch (error) {
      one.dueAtMs = now + AFTER_NONE_MS;
      passOver(one, error);
    } finally {
      isAsking = false;
    }
  }

  /** A picture that is not followed by another one is soon not of the last second any more, so it is taken away. */
  function passOver(one: Followed, error: unknown): void {
    const waitS = error instanceof CompositorError ? error.retryAfterS : null;
    if (waitS !== null) pausedUntilMs = performance.now() + waitS * 1000;
    const concernsAll = waitS !== null || isSessionOver(error);
    for (const each of concernsAll ? followed.values() : [one]) show(each, null);
    if (isSessionOver(error) && !isClosed) onSessionOver(error);
  }

  function show(one: Followed, address: string | null): void {
    if (one.address) URL.revokeObjectURL(one.address);
    one.address = one.listeners.size > 0 ? address : null;
    if (address && one.address === null) URL.revokeObjectURL(address);
    for (const listener of one.listeners) listener(one.address);
  }

  return {
    follow: (id, onPicture) => {
      const one = followed.get(id) ?? { listeners: new Set(), address: null, dueAtMs: 0 };
      followed.set(id, one);
      one.listeners.add(onPicture);
      if (one.address) onPicture(one.address);
      return () => {
        one.listeners.delete(onPicture);
        if (one.listeners.size > 0) return;
        followed.delete(id);
        show(one, null);
      };
    },
    close: () => {
      isClosed = true;
      clearInterval(timer);
      for (const one of followed.values()) show(one, null);
    },
  };
}
