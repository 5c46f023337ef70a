import type { Recording } from '../../../shared/api/recordingReply.ts';
import type { ListQuery } from '../../../shared/api/recordingRequests.ts';
import { EXIT } from '../exitCodes.ts';
import { printTable } from '../printTable.ts';
import { needServer, type ServerOptions } from './connectTo.ts';
import { rowOf } from './showRecording.ts';
import { callFrom } from './start.ts';

interface ListOptions extends ServerOptions {
  readonly call?: string;
  readonly state?: string;
  readonly from?: string;
  readonly until?: string;
  readonly limit: string;
  readonly json?: boolean;
}

const MOST_ON_A_PAGE = 200;

/** `list`: the newest recordings, or those of a call, a state or a time. */
export async function list(options: ListOptions): Promise<number> {
  const client = needServer(options, process.env);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new Error(`--limit ${options.limit} is not a whole number above 0`);
  const query: ListQuery = {
    ...(options.call === undefined ? {} : { call_type: 'default', ...callFrom(options.call) }),
    ...(options.state === undefined ? {} : { state: options.state as never }),
    ...(options.from === undefined ? {} : { from: timeFrom('--from', options.from) }),
    ...(options.until === undefined ? {} : { until: timeFrom('--until', options.until) }),
    limit: Math.min(limit, MOST_ON_A_PAGE),
  };
  const recordings: Recording[] = [];
  for await (const recording of client.list(query)) {
    recordings.push(recording);
    if (recordings.length === limit) break;
  }
  if (options.json) console.log(JSON.stringify(recordings, null, 2));
  else printTable(recordings.map(rowOf), 'there are no such recordings');
  return EXIT.done;
}

/** `2026-01-02`, or a time with it, in the zone of this machine unless it names another one. */
function timeFrom(name: string, given: string): string {
  const time = new Date(/^\d{4}-\d\d-\d\d$/.test(given) ? `${given}T00:00` : given);
  if (Number.isNaN(time.getTime()))
    throw new Error(`${name} ${given} is not a time such as 2026-01-02T15:00`);
  return time.toISOString();
}
