import type { WatchedEvent } from '../../client/api/watchEvents.ts';
import { EXIT } from '../exitCodes.ts';
import { onOneLine } from '../printable.ts';
import { needServer, type ServerOptions } from './connectTo.ts';
import { describeEvent } from './showRecording.ts';
import { tellConnection, waitForEnd } from './waitForEnd.ts';

interface WatchCommandOptions extends ServerOptions {
  readonly after?: string;
  readonly json?: boolean;
}

/** `watch [RECORDING_ID]`: events as they happen, of one recording to its end, or of all until Ctrl-C. */
export async function watch(id: string | undefined, options: WatchCommandOptions): Promise<number> {
  const client = needServer(options, process.env);
  const { after, json } = options;
  // Whoever reads only the first lines closes the pipe, and has what it wants.
  process.stdout.on('error', () => process.exit(EXIT.done));
  const toProgram = (event: WatchedEvent) => console.log(JSON.stringify(event));
  if (id !== undefined) {
    const from = after === undefined ? {} : { after };
    return waitForEnd(client, id, json ? { ...from, onEvent: toProgram } : from);
  }
  const show = json ? toProgram : toPerson;
  for await (const event of client.watch({ after, onConnection: tellConnection() })) show(event);
  return EXIT.done;
}

/** One line for each event, such as `15:04:05 …`, but progress, of which there is one a second for each recording. */
function toPerson(event: WatchedEvent): void {
  if (event.type === 'call.recording_progress') return;
  const time = new Date(event.created_at).toLocaleTimeString('en-GB');
  console.log(onOneLine(`${time}  ${event.recording_id}  ${event.call_cid}  ${describeEvent(event)}`));
}
