import type { Client } from '../../client/api/createClient.ts';
import type { WatchedEvent } from '../../client/api/watchEvents.ts';
import { EXIT } from '../exitCodes.ts';
import { printProgress } from '../printProgress.ts';

/**
 * Follows a recording to its end. What happens goes to `onEvent`, or is shown to a person on stderr. Resolves to the exit
 * code that says how it ended.
 */
export async function waitForEnd(
  client: Client,
  id: string,
  { after, onEvent = printProgress() }: { after?: string; onEvent?: (event: WatchedEvent) => void } = {},
): Promise<number> {
  for await (const event of client.watch({ recording_id: id, after, onConnection: tellConnection() }))
    onEvent(event);
  const { state } = await client.get(id);
  if (state === 'failed') return EXIT.recordingFailed;
  return state === 'absent' ? EXIT.recordingAbsent : EXIT.done;
}

/** Tells a person that the connection is lost, and that it is there again. */
export function tellConnection(): (state: 'open' | 'lost', reason?: Error) => void {
  let isLost = false;
  return (state, reason) => {
    if (state === 'lost' && !isLost) {
      const why = reason ? `: ${reason.message}` : '';
      process.stderr.write(`\nthe connection is lost${why}; it is made again, and no event is missed\n`);
    }
    if (state === 'open' && isLost) process.stderr.write('connected again\n');
    isLost = state === 'lost';
  };
}
