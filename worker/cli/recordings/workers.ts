import { EXIT } from '../exitCodes.ts';
import { printTable } from '../printTable.ts';
import { needServer, type ServerOptions } from './connectTo.ts';

/** `workers`: what each worker carries, and what room it has left. */
export async function workers(options: ServerOptions & { json?: boolean }): Promise<number> {
  const found = await needServer(options, process.env).workers();
  if (options.json) console.log(JSON.stringify(found, null, 2));
  else
    printTable(
      found.map(({ id, host, version, started_at, recordings, others, room, is_leaving }) => ({
        ...{ id, host, version, started: started_at, recordings: recordings.length + others },
        ...{ free_cores: room.cores, free_mib: room.memory_mib, leaving: is_leaving ? 'yes' : 'no' },
      })),
      'no worker takes jobs from this queue',
    );
  return EXIT.done;
}
