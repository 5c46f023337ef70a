import type { Recording } from '../../../shared/api/recordingReply.ts';
import { EXIT } from '../exitCodes.ts';
import { needServer, type ServerOptions } from './connectTo.ts';
import { type LayoutOptions, layoutFrom } from './layoutFrom.ts';

interface Shown {
  readonly json?: boolean;
}

/** `update RECORDING_ID`: changes the layout of a running recording. */
export async function update(id: string, options: ServerOptions & LayoutOptions & Shown): Promise<number> {
  const layout = layoutFrom(options);
  if (Object.keys(layout).length === 0)
    throw new Error('Nothing is to change: give --layout, --option, --css or --no-css');
  return show(await needServer(options, process.env).update(id, { layout }), 'changed', options);
}

/** `pause RECORDING_ID`: nothing is captured until it is resumed. */
export async function pause(
  id: string,
  options: ServerOptions & Shown & { mode: 'skip' | 'silence' },
): Promise<number> {
  return show(await needServer(options, process.env).pause(id, { mode: options.mode }), 'pausing', options);
}

/** `resume RECORDING_ID`: goes on with a paused recording. */
export async function resume(id: string, options: ServerOptions & Shown): Promise<number> {
  return show(await needServer(options, process.env).resume(id), 'resuming', options);
}

/** `delete RECORDING_ID`: deletes a recording that is over, with its files. */
export async function remove(id: string, options: ServerOptions): Promise<number> {
  await needServer(options, process.env).delete(id);
  console.log(`deleted ${id}`);
  return EXIT.done;
}

function show(recording: Recording, what: string, { json }: Shown): number {
  console.log(json ? JSON.stringify(recording, null, 2) : `${what} ${recording.id}`);
  return EXIT.done;
}
