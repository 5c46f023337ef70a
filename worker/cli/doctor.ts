import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { capacityOf, ordinaryCost } from '../admission/openGate.ts';
import { findBrowser, HOW_TO_GET_A_BROWSER } from '../browser/findBrowser.ts';
import { HOW_TO_GET_A_SANDBOX, sandboxProblem } from '../browser/sandboxProblem.ts';
import { pingRedis } from '../job/queue.ts';
import { messageOf } from '../recordingError.ts';
import { readWorkerConfig, type WorkerConfig } from '../workerConfig.ts';
import { COLOUR_EMOJI, findFont } from './findFont.ts';

const run = promisify(execFile);

interface Check {
  readonly name: string;
  /** Whether recording is impossible without it. */
  readonly isNeeded: boolean;
  readonly look: (config: WorkerConfig) => Promise<string>;
  readonly remedy: string;
}

const CHECKS: readonly Check[] = [
  {
    name: 'Chromium or Chrome',
    isNeeded: true,
    look: async ({ chromium }) => firstLine(await findBrowser(chromium), ['--version']),
    remedy: HOW_TO_GET_A_BROWSER,
  },
  {
    name: 'Redis server, for record and demo',
    isNeeded: false,
    look: () => firstLine('redis-server', ['--version']),
    remedy: 'apt-get install redis-server, or set REDIS_URL',
  },
  {
    name: 'Redis of REDIS_URL, for worker and stop',
    isNeeded: false,
    look: async ({ redisUrl }) => {
      await pingRedis(redisUrl);
      return `${new URL(redisUrl).host} answers`;
    },
    remedy: 'start a Redis there, or set REDIS_URL',
  },
  {
    name: 'Recordings folder',
    isNeeded: true,
    look: async ({ recordingsDir }) => {
      await mkdir(recordingsDir, { recursive: true });
      await access(recordingsDir, constants.W_OK);
      return recordingsDir;
    },
    remedy: 'make it writable, or set COMPOSITOR_RECORDINGS_DIR',
  },
  {
    name: 'Sandbox of the browser',
    isNeeded: false,
    look: async ({ chromium }) => {
      const problem = await sandboxProblem(chromium);
      if (problem) throw new Error(problem);
      return 'it is on';
    },
    remedy: HOW_TO_GET_A_SANDBOX,
  },
  {
    name: 'Room for recordings',
    isNeeded: false,
    look: async (config) => room(config),
    remedy: 'give the machine or container more cores',
  },
  {
    name: 'Fonts for Chinese, Japanese and Korean',
    isNeeded: false,
    look: () => findFont(':lang=ja'),
    remedy: 'apt-get install fonts-noto-cjk',
  },
  {
    name: 'Font for emoji in colour',
    isNeeded: false,
    look: () => findFont(COLOUR_EMOJI),
    remedy: 'apt-get install fonts-noto-color-emoji',
  },
];

/**
 * `doctor`: names what is missing on this machine and how to get it. Resolves to 1 if recording is not
 * possible.
 */
export async function doctor(): Promise<number> {
  const config = readWorkerConfig(process.env);
  let exitCode = 0;
  for (const { name, isNeeded, look, remedy } of CHECKS) {
    try {
      console.log(`ok       ${name}: ${await look(config)}`);
    } catch (error) {
      console.log(
        `${isNeeded ? 'MISSING ' : 'missing '} ${name}: ${messageOf(error).split('\n')[0]}\n         get it: ${remedy}`,
      );
      if (isNeeded) exitCode = 1;
    }
  }
  return exitCode;
}

function room(config: WorkerConfig): string {
  const { cores, memoryMiB } = capacityOf(config);
  const cost = ordinaryCost(config);
  const most = config.concurrency ?? Number.POSITIVE_INFINITY;
  const count = Math.floor(Math.min(most, cores / cost.cores, memoryMiB / cost.memoryMiB));
  const has = `${cores} cores and ${Math.round(memoryMiB / 1024)} GiB`;
  if (count < 1)
    throw new Error(
      `${has} is less than one recording of 720p should have; the worker still takes one at a time`,
    );
  return `${has} are enough for ${count} of 720p at once`;
}

async function firstLine(program: string, args: string[]): Promise<string> {
  const { stdout } = await run(program, args);
  return `${stdout.trim().split('\n')[0]} (${program})`;
}
