import type { Client } from '../../../worker/client/api/createClient.ts';
import type { WatchedEvent } from '../../../worker/client/api/watchEvents.ts';
import { isSessionOver } from '../session/isSessionOver.ts';

/** The pause before events are asked for anew; it doubles each time. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

interface Follower {
  readonly signal: AbortSignal;
  readonly onEvent: (event: WatchedEvent) => void;
  /** Events come from now on; some may have been missed. */
  readonly onBegin: () => void;
  /** Whether events come at the moment. */
  readonly onLive: (isLive: boolean) => void;
}

/**
 * Hears the events of all recordings until `signal` is aborted. The client gives up where it is refused, as by a proxy while
 * the server behind it is replaced: it is asked anew after a pause, to go on behind the last event that came. Throws a
 * CompositorError where the session is over.
 */
export async function followEvents(
  client: Pick<Client, 'watch'>,
  { signal, onEvent, onBegin, onLive }: Follower,
): Promise<void> {
  let after: string | undefined;
  for (let failures = 0; !signal.aborted; failures += 1) {
    let hasBegun = false;
    const onConnection = (state: 'open' | 'lost') => {
      onLive(state === 'open');
      if (state === 'lost' || hasBegun) return;
      hasBegun = true;
      failures = 0;
      onBegin();
    };
    try {
      for await (const event of client.watch({ after, signal, onConnection })) {
        after = event.position ?? after;
        onEvent(event);
      }
    } catch (error) {
      if (!signal.aborted) onLive(false);
      if (isSessionOver(error)) throw error;
    }
    await pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures), signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => setTimeout(resolve, ms));
}
