#!/usr/bin/env node
import { Command } from 'commander';
import { deliveries } from './cli/deliveries.ts';
import { demo } from './cli/demo.ts';
import { doctor } from './cli/doctor.ts';
import { get } from './cli/get.ts';
import { orphans } from './cli/orphans.ts';
import { record } from './cli/record.ts';
import { serve } from './cli/serve.ts';
import { stop } from './cli/stop.ts';
import { studio } from './cli/studio.ts';
import { worker } from './cli/worker.ts';
import { messageOf } from './recordingError.ts';
import { SETTINGS } from './workerConfig.ts';

const program = new Command('call-compositor')
  .description('Records calls as a headless browser shows them.')
  .addHelpText('after', `\nSettings, from the environment:\n${settingsTable()}`);

program
  .command('worker')
  .description('take jobs from the queue until SIGTERM or Ctrl-C')
  .action(exitWith(worker));

program
  .command('record')
  .description('record one job, through a queue of its own')
  .argument('<job.json>', 'the file with the job, or - for standard input')
  .option('--out <dir>', 'folder for the recording')
  .option('--json', 'the last line of stdout is the result as one JSON object')
  .action(exitWith(record));

program
  .command('stop')
  .description('end a recording and store it')
  .argument('<recording id>', "the id of the recording's job")
  .action(exitWith(stop));

program
  .command('get')
  .description('print state, events and result of a recording as JSON')
  .argument('<recording id>', "the id of the recording's job")
  .action(exitWith(get));

program
  .command('deliveries')
  .description('list the events that wait for their webhook, and those that could not be delivered')
  .option('--resend <id>', 'send a dead letter again; "all" sends every one')
  .option('--json', 'print JSON')
  .action(exitWith(deliveries));

program
  .command('orphans')
  .description('list what lost workers left behind: files, folders and records that nobody works on')
  .option('--fix', 'finish, end or remove it; files that wait for a person stay')
  .option('--json', 'print JSON')
  .action(exitWith(orphans));

program
  .command('serve')
  .description('answer the recording API over HTTP, and put recordings on the queue, until SIGTERM or Ctrl-C')
  .requiredOption('--config <api.json>', 'file with tenants, API keys and call types (see docs/api.md)')
  .action(exitWith(serve));

program
  .command('studio')
  .description('try out layouts and themes with simulated people in a desktop browser')
  .option('--css <file>', 'theme file; the page follows each change of it')
  .option('--port <n>', 'loopback port to serve on, or 0 for any free port', '4173')
  .action(exitWith(studio));

program.command('demo').description('record a demo call').action(exitWith(demo));

program.command('doctor').description('show what is missing on this machine').action(exitWith(doctor));

await program.parseAsync();

function exitWith<Args extends unknown[]>(command: (...args: Args) => Promise<number>) {
  return async (...args: Args) => {
    try {
      process.exitCode = await command(...args);
    } catch (error) {
      console.error(messageOf(error));
      process.exitCode = 1;
    }
  };
}

function settingsTable(): string {
  return Object.values(SETTINGS)
    .map(({ env, help }) => `  ${env.padEnd(30)} ${help}`)
    .join('\n');
}
