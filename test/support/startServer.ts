import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

// Redis and the S3 server need 50 ms, LiveKit 300 ms. The rest is for a busy machine.
const READY_WITHIN_MS = 20_000;
const KEPT_OUTPUT_CHARACTERS = 4_000;

export type ServerCommand = {
  name: string;
  path: string;
  /** Its arguments. It is given a temporary folder of its own, which is deleted when it stops. */
  args(folderPath: string): string[] | Promise<string[]>;
  env?: Record<string, string>;
  /** The TCP port on 127.0.0.1 that answers once the server is ready. */
  port: number;
  /** How long it may take on a busy machine; 20 s unless given. */
  readyWithinMs?: number;
};

export type RunningServer = {
  pid: number;
  folderPath: string;
  stop(): Promise<void>;
};

/** Starts a server and resolves once it accepts connections. If it does not, throws with its last output. */
export async function startServer(command: ServerCommand): Promise<RunningServer> {
  const folderPath = await mkdtemp(join(tmpdir(), `call-compositor-${command.name}-`));
  const child = spawn(command.path, await command.args(folderPath), {
    cwd: folderPath,
    env: { ...process.env, ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close').catch(() => undefined);
  const kill = () => child.kill('SIGKILL');
  // If a test run ends without stopping its servers, they must not stay behind.
  process.once('exit', kill);

  async function stop(): Promise<void> {
    process.off('exit', kill);
    // SIGKILL is used because there is nothing to save, and LiveKit would otherwise wait for its participants
    // to leave.
    kill();
    await ended;
    await rm(folderPath, { recursive: true, force: true });
  }

  try {
    await becomeReady(command, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid as number, folderPath, stop };
}

async function becomeReady(
  { name, port, readyWithinMs = READY_WITHIN_MS }: ServerCommand,
  child: ChildProcess,
): Promise<void> {
  const lastOutput = keepLastOutput(child);
  let end: string | null = null;
  child.once('exit', (code, signal) => {
    end = `ended with ${signal ?? `exit code ${code}`}`;
  });
  child.once('error', (error) => {
    end = error.message;
  });
  const startedAtMs = performance.now();
  const isReady = await eventually(name, async () => end ?? (await acceptsConnection(port)), {
    withinMs: readyWithinMs,
  })
    .then((answer) => answer === true)
    .catch(() => false);
  if (isReady) return;
  const afterMs = Math.round(performance.now() - startedAtMs);
  throw new Error(
    `${name} not ready on 127.0.0.1:${port} after ${afterMs} ms (${end ?? 'still running'}); it last said:\n${lastOutput()}`,
  );
}

function keepLastOutput(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_OUTPUT_CHARACTERS);
    });
  }
  return () => output.trim() || '(nothing)';
}

async function acceptsConnection(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
