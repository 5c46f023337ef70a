import { type Command, Option } from 'commander';
import { RECORD_STATES } from '../../../shared/api/recordingReply.ts';
import { QUALITIES } from '../../../shared/encoding/encodingProfile.ts';
import { SERVER_VARIABLES } from './connectTo.ts';

/** Makes a command of what loads it. */
type Later = <Args extends unknown[]>(
  load: () => Promise<(...args: Args) => Promise<number>>,
) => (...args: Args) => Promise<void>;

const ID = ['<recording id>', 'as "start" and "list" print it'] as const;

const WHERE = `
Where COMPOSITOR_URL or --url names a server, it is asked, with COMPOSITOR_API_KEY and COMPOSITOR_API_SECRET, or with
COMPOSITOR_TOKEN.`;
const WITHOUT = `${WHERE} Where none is named, the command speaks to the queue itself (REDIS_URL, COMPOSITOR_QUEUE).`;

/** Adds the commands that start, stop, show and change recordings. */
export function addRecordingCommands(program: Command, later: Later): void {
  const add = (usage: string, description: string, help = WHERE) =>
    withServer(program.command(usage).description(description)).addHelpText('after', help);

  withLayout(add('start', 'start the recording of a call, and print its id'))
    .argument('<call>', 'its id, or its type and its id, such as webinar:standup')
    .addOption(new Option('--quality <quality>', 'size of the picture').choices(QUALITIES))
    .option('--audio-only', 'record sound alone')
    .option('--app <url>', 'record this layout app instead of our own')
    .option('--storage <name>', 'external storage that it goes to')
    .option('--source <json>', 'source as in a job, or @ and a file with it; for servers only')
    .option('--wait', 'show how it proceeds until it is stored; Ctrl-C leaves it running')
    .option('--json', 'print the recording as JSON')
    .action(later(async () => (await import('./start.ts')).start));

  add('stop', 'end a recording and store it', WITHOUT)
    .argument(...ID)
    .option('--wait', 'show how it proceeds until it is stored')
    .option('--json', 'print the recording as JSON')
    .action(later(async () => (await import('../stop.ts')).stop));

  add('list', 'list recordings, the newest first')
    .option('--call <call>', 'only those of this call: its id, or type:id')
    .addOption(new Option('--state <state>', 'only those in this state').choices(RECORD_STATES))
    .option(
      '--from <time>',
      'only those started at this time or later, such as 2026-01-02 or 2026-01-02T15:00',
    )
    .option('--until <time>', 'only those started at this time or earlier')
    .option('--limit <n>', 'how many at most', '50')
    .option('--json', 'print a JSON array')
    .action(later(async () => (await import('./list.ts')).list));

  add('get', 'show a recording with its files and events', `${WITHOUT} It then prints JSON.`)
    .argument(...ID)
    .option('--json', 'print JSON')
    .action(later(async () => (await import('../get.ts')).get));

  add('watch', 'show events as they happen, and miss none')
    .argument('[recording id]', 'one recording, to its end; without it, all of them')
    .option('--after <position>', 'go on behind this event')
    .option('--json', 'print one JSON object a line')
    .action(later(async () => (await import('./watch.ts')).watch));

  withLayout(add('update', 'change the layout of a running recording'))
    .argument(...ID)
    .option('--no-css', 'take the stylesheet away')
    .option('--json', 'print the recording as JSON')
    .action(later(async () => (await import('./changes.ts')).update));

  add('pause', 'capture nothing until the recording is resumed')
    .argument(...ID)
    .addOption(
      new Option('--mode <mode>', 'what the file has for that time: nothing, or a still picture and silence')
        .choices(['skip', 'silence'])
        .default('skip'),
    )
    .option('--json', 'print the recording as JSON')
    .action(later(async () => (await import('./changes.ts')).pause));

  add('resume', 'go on with a paused recording')
    .argument(...ID)
    .option('--json', 'print the recording as JSON')
    .action(later(async () => (await import('./changes.ts')).resume));

  add('delete', 'delete a recording that is over, with its files')
    .argument(...ID)
    .action(later(async () => (await import('./changes.ts')).remove));

  add('workers', 'list the workers, and what room they have left')
    .option('--json', 'print a JSON array')
    .action(later(async () => (await import('./workers.ts')).workers));
}

function withServer(command: Command): Command {
  return command
    .option('--url <url>', `address of the server (${SERVER_VARIABLES.url})`)
    .option('--api-key <key>', `API key (${SERVER_VARIABLES.apiKey})`)
    .option('--api-secret <secret>', `secret of the API key (${SERVER_VARIABLES.apiSecret})`)
    .option('--token <token>', `token, instead of the secret (${SERVER_VARIABLES.token})`);
}

function withLayout(command: Command): Command {
  return command
    .option('--layout <name>', 'layout, such as grid or spotlight')
    .option('--option <key=value>', 'layout option, such as title.text=Standup; may be repeated', collected)
    .option('--css <url>', 'stylesheet of your own');
}

function collected(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
