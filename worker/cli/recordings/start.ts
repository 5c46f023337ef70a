import { readFile } from 'node:fs/promises';
import type { StartRecording } from '../../../shared/api/startRecording.ts';
import { messageOf } from '../../recordingError.ts';
import { EXIT } from '../exitCodes.ts';
import { needServer, type ServerOptions } from './connectTo.ts';
import { type LayoutOptions, layoutFrom } from './layoutFrom.ts';
import { waitForEnd } from './waitForEnd.ts';

interface StartOptions extends ServerOptions, LayoutOptions {
  readonly quality?: string;
  readonly audioOnly?: boolean;
  readonly app?: string;
  readonly storage?: string;
  readonly source?: string;
  readonly wait?: boolean;
  readonly json?: boolean;
}

/** `start CALL`: starts the recording of a call, and with `wait` follows it to its end. Prints its id. */
export async function start(call: string, options: StartOptions): Promise<number> {
  const client = needServer(options, process.env);
  const recording = await client.start(await requestFrom(call, options));
  const { id, call_type, call_id } = recording;
  if (!options.wait) {
    console.log(options.json ? JSON.stringify(recording, null, 2) : id);
    if (!options.json) console.error(`the recording of ${call_type}:${call_id} is ${recording.state}`);
    return EXIT.done;
  }
  if (!options.json) console.log(id);
  // The JSON comes at the end only, and whoever interrupts this before needs the id to stop the recording.
  else console.error(`the recording ${id} of ${call_type}:${call_id} is ${recording.state}`);
  const code = await waitForEnd(client, id);
  const last = await client.get(id);
  if (options.json) console.log(JSON.stringify(last, null, 2));
  else for (const { url } of last.files) console.log(url);
  return code;
}

async function requestFrom(call: string, options: StartOptions): Promise<StartRecording> {
  const layout = {
    ...layoutFrom(options),
    ...(options.app === undefined ? {} : { external_app_url: options.app }),
  };
  return {
    ...callFrom(call),
    ...(options.audioOnly ? { audio_only: true } : {}),
    ...(options.quality === undefined ? {} : { quality: options.quality as never }),
    ...(Object.keys(layout).length === 0 ? {} : { layout }),
    ...(options.storage === undefined ? {} : { storage: options.storage }),
    ...(options.source === undefined ? {} : { source: await sourceFrom(options.source) }),
  };
}

/** `webinar:standup`, or `standup` for a call of the type `default`. */
export function callFrom(call: string): { call_type?: string; call_id: string } {
  const at = call.indexOf(':');
  return at === -1 ? { call_id: call } : { call_type: call.slice(0, at), call_id: call.slice(at + 1) };
}

/** JSON, or `@` and the path of a file with it, so that its keys need not stand on the command line. */
async function sourceFrom(given: string): Promise<{ kind: string }> {
  try {
    return JSON.parse(given.startsWith('@') ? await readFile(given.slice(1), 'utf8') : given);
  } catch (error) {
    throw new Error(`--source is neither JSON, nor "@" and a file with it: ${messageOf(error)}`);
  }
}
