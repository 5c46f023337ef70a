import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { familyOf } from '../bench/processTree.ts';
import { eventually } from '../support/eventually.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));

/** A worker that can be killed, stopped and told to leave. */
export interface WorkerProcess {
  readonly pid: number;
  readonly recordingsDir: string;
  log(): string;
  kill(signal: NodeJS.Signals): void;
  /** Sends a signal to the process group, as a terminal does. Only of a worker with a group of its own. */
  killGroup(signal: NodeJS.Signals): void;
  /** Stops every process of the worker, as a machine that is suspended does, or continues them. */
  suspend(isSuspended: boolean): void;
  isAlive(): boolean;
  /** Resolves once the process has ended. */
  readonly exited: Promise<void>;
}

/** Starts a worker and resolves once it takes jobs. It does not outlive this process. */
export async function startWorkerProcess(
  recordingsDir: string,
  env: Readonly<Record<string, string>>,
  { hasOwnGroup = false } = {},
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [MAIN, 'worker'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env, COMPOSITOR_RECORDINGS_DIR: recordingsDir },
    detached: hasOwnGroup,
  });
  const endIt = () => child.kill('SIGKILL');
  process.once('exit', endIt);
  let output = '';
  child.stderr.on('data', (text) => {
    output += text;
  });
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void exited.then(() => process.off('exit', endIt));
  await eventually(
    'the worker says it is ready',
    () => {
      if (!isAlive()) throw new Error(`the worker ended: ${output}`);
      return output.includes('worker ready');
    },
    { withinMs: 30_000 },
  );
  const pid = child.pid as number;
  return {
    pid,
    recordingsDir,
    log: () => output,
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => {
      if (!hasOwnGroup) throw new Error(`the worker ${pid} is in the group of this process`);
      signalTo(-pid, signal);
    },
    suspend: (isSuspended) => {
      for (const one of familyOf(pid)) signalTo(one, isSuspended ? 'SIGSTOP' : 'SIGCONT');
    },
    isAlive,
    exited,
  };
}

/** Sends a signal to a process, or to a group by its negative id, that may have ended meanwhile. */
export function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
