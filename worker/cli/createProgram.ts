import tab from '@bomb.sh/tab/commander';
import { Command } from 'commander';
import { messageOf } from '../recordingError.ts';
import { SETTINGS } from '../workerConfig.ts';
import { exitCodeOf } from './exitCodes.ts';
import { printable } from './printable.ts';
import { addRecordingCommands } from './recordings/addRecordingCommands.ts';

/** The commands, each of which sets the exit code of this process. */
export function createProgram(): Command {
  const program = new Command('call-compositor')
    .description('Records calls as a headless browser shows them.')
    .addHelpText('after', `\nSettings, from the environment:\n${settingsTable()}`);

  program
    .command('worker')
    .description('take jobs from the queue until SIGTERM or Ctrl-C')
    .action(later(async () => (await import('./worker.ts')).worker));

  program
    .command('record')
    .description('record one job, through a queue of its own')
    .argument('<job.json>', 'the file with the job, or - for standard input')
    .option('--out <dir>', 'folder for the recording')
    .option('--json', 'the last line of stdout is the result as one JSON object')
    .action(later(async () => (await import('./record.ts')).record));

  addRecordingCommands(program, later);

  program
    .command('deliveries')
    .description('list the events that wait for their webhook, and those that could not be delivered')
    .option('--resend <id>', 'send a dead letter again; "all" sends every one')
    .option('--json', 'print JSON')
    .action(later(async () => (await import('./deliveries.ts')).deliveries));

  program
    .command('orphans')
    .description('list what lost workers left behind: files, folders and records that nobody works on')
    .option('--fix', 'finish, end or remove it; files that wait for a person stay')
    .option('--json', 'print JSON')
    .action(later(async () => (await import('./orphans.ts')).orphans));

  program
    .command('serve')
    .description(
      'answer the recording API over HTTP, and put recordings on the queue, until SIGTERM or Ctrl-C',
    )
    .requiredOption('--config <api.json>', 'file with tenants, API keys and call types (see docs/api.md)')
    .action(later(async () => (await import('./serve.ts')).serve));

  program
    .command('studio')
    .description('try out layouts and themes with simulated people in a desktop browser')
    .option('--css <file>', 'theme file; the page follows each change of it')
    .option('--port <n>', 'loopback port to serve on, or 0 for any free port', '4173')
    .action(later(async () => (await import('./studio.ts')).studio));

  program
    .command('demo')
    .description('record a demo call')
    .action(later(async () => (await import('./demo.ts')).demo));

  program
    .command('doctor')
    .description('show what is missing on this machine')
    .action(later(async () => (await import('./doctor.ts')).doctor));

  // `completion bash|zsh|fish` prints what the shell loads; it then asks `complete` at each tab.
  tab(program, { completionCommandName: 'completion' });
  return program;
}

/** A command that is loaded when it runs: the shell asks at each tab what can be completed, and must not wait for a browser. */
function later<Args extends unknown[]>(load: () => Promise<(...args: Args) => Promise<number>>) {
  return async (...args: Args) => {
    try {
      const command = await load();
      process.exitCode = await command(...args);
    } catch (error) {
      console.error(printable(messageOf(error)));
      process.exitCode = exitCodeOf(error);
    }
  };
}

function settingsTable(): string {
  return Object.values(SETTINGS)
    .map(({ env, help }) => `  ${env.padEnd(30)} ${help}`)
    .join('\n');
}
