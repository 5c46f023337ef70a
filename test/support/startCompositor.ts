import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { PauseMode, RecordingEvent, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { RecordingState } from '../../shared/events/recordingState.ts';
import type { LayoutChange } from '../../shared/layout/layoutChange.ts';
import { type RecordingCommand, sendCommand } from '../../worker/control/commandStream.ts';
import { askForPicture } from '../../worker/control/pictures.ts';
import { followRecording } from '../../worker/job/followRecording.ts';
import { requestStop } from '../../worker/job/stopRequests.ts';
import { eventually } from './eventually.ts';
import { startRedis } from './startRedis.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const QUEUE = 'test-recordings';

export interface RecordingRun {
  readonly recordingId: string;
  /** Every event so far. */
  readonly events: RecordingEvent[];
  readonly result: Promise<RecordingResult>;
  /** Resolves to whether there was something to stop. */
  stop(): Promise<boolean>;
  /** Asks for a change of the layout. Resolves once a worker can hear of it. */
  changeLayout(change: LayoutChange): Promise<void>;
  /** Asks for a pause, or for its end. Resolves once a worker says that it is so, to the time that took, in milliseconds. */
  pause(mode: PauseMode): Promise<number>;
  resume(): Promise<number>;
  /** What it shows now, as a JPEG; null where there is nothing. */
  picture(): Promise<Uint8Array | null>;
  /** Resolves once the recording is in this state, by its newest phase. */
  reaches(state: RecordingState): Promise<unknown>;
  /** Resolves at the first event of this type. */
  seen(type: RecordingEvent['type']): Promise<RecordingEvent>;
}

export interface Compositor {
  readonly pid: number;
  readonly redis: Redis;
  readonly recordingsDir: string;
  /** The worker's environment, for commands that must find its Redis and its queue. */
  readonly env: NodeJS.ProcessEnv;
  /** What the worker has logged so far. */
  log(): string;
  /** The paths of temporary folders of this worker that exist now. */
  workFolders(): Promise<string[]>;
  start(payload: unknown): RecordingRun;
  record(payload: unknown): Promise<RecordingResult>;
  /**
   * Resolves once no job is running. A result is published when the file is stored, before everything is
   * cleaned up.
   */
  idle(): Promise<unknown>;
  /** Sends SIGTERM, as a deployment does. Resolves once the worker has exited. */
  leave(): Promise<void>;
  /** Sends a signal, SIGKILL for example. Resolves once the worker has exited. */
  kill(signal: NodeJS.Signals): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a real worker process and a Redis of its own. Private addresses are allowed unless `env` says
 * otherwise. `through` is a program, with its arguments, that becomes the worker: one that drops rights, for example.
 */
export async function startCompositor(
  env: Record<string, string> = {},
  through: readonly string[] = [],
): Promise<Compositor> {
  const server = await startRedis();
  const redis = new Redis(server.url, { maxRetriesPerRequest: null });
  const recordingsDir = await mkdtemp(join(tmpdir(), 'test-recordings-'));
  const temporary = await mkdtemp(join(tmpdir(), 'test-temporary-'));
  const output: string[] = [];
  const workerEnv = {
    ...process.env,
    TMPDIR: temporary, // workers clean up after each other, and tests run beside each other
    REDIS_URL: server.url,
    COMPOSITOR_QUEUE: QUEUE,
    COMPOSITOR_RECORDINGS_DIR: recordingsDir,
    COMPOSITOR_ALLOW_PRIVATE_URLS: '1',
    COMPOSITOR_WARM_BROWSERS: '0',
    ...env,
  };
  const [program = process.execPath, ...args] = [...through, process.execPath, MAIN, 'worker'];
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: workerEnv,
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.stderr.on('data', (text) => output.push(String(text)));
  const pid = await readyWorker(child, output);
  const start = (payload: unknown) => startRecording(redis, payload);
  return {
    pid,
    redis,
    recordingsDir,
    env: workerEnv,
    log: () => output.join(''),
    workFolders: async () =>
      (await readdir(workerEnv.TMPDIR))
        .filter((name) => name.startsWith(`call-compositor-${pid}-`))
        .map((name) => join(workerEnv.TMPDIR, name)),
    start,
    record: (payload) => start(payload).result,
    idle: () => eventually('no job is running', async () => (await redis.keys('*:lock')).length === 0),
    leave: async () => {
      child.kill('SIGTERM');
      await exited;
    },
    kill: async (signal) => {
      child.kill(signal);
      await exited;
    },
    close: async () => {
      child.kill('SIGTERM');
      await exited;
      redis.disconnect();
      await server.stop();
      for (const folder of [recordingsDir, temporary]) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readyWorker(child: ChildProcess, output: string[]): Promise<number> {
  const isReady = () => {
    if (child.exitCode !== null) throw new Error(`the worker ended: ${output.join('')}`);
    return output.join('').includes('worker ready');
  };
  await eventually('the worker says it is ready', isReady, { withinMs: 60_000 });
  return child.pid as number;
}

function startRecording(redis: Redis, payload: unknown): RecordingRun {
  const recordingId = randomUUID();
  const events: RecordingEvent[] = [];
  const follow = { redis, queueName: QUEUE, recordingId, payload };
  const result = followRecording(follow, (event) => events.push(event));
  const phase = () => events.findLast((event) => event.type === 'call.recording_phase')?.phase;
  const reaches = (state: RecordingState) =>
    eventually(`the recording is ${state}`, () => phase() === state, { withinMs: 90_000, everyMs: 5 });
  async function tell(command: RecordingCommand, state: RecordingState): Promise<number> {
    const askedAtMs = performance.now();
    await sendCommand(redis, QUEUE, { recordingId, command });
    await reaches(state);
    return performance.now() - askedAtMs;
  }
  return {
    recordingId,
    events,
    result,
    reaches,
    picture: () => askForPicture(redis, QUEUE, recordingId),
    pause: (mode) => tell({ type: 'pause', mode }, 'paused'),
    resume: () => tell({ type: 'resume' }, 'recording'),
    stop: () => requestStop(redis, QUEUE, recordingId),
    changeLayout: (change) =>
      sendCommand(redis, QUEUE, { recordingId, command: { type: 'change_layout', change } }),
    seen: (type) =>
      eventually(`event ${type}`, () => events.find((event) => event.type === type), { withinMs: 90_000 }),
  };
}
