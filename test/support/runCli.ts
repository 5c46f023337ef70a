import { vi } from 'vitest';
import { createProgram } from '../../worker/cli/createProgram.ts';

export interface CliRun {
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };
  /** Resolves to the exit code. */
  readonly ended: Promise<number>;
}

/**
 * Runs a command in this process, one at a time, with these variables and nothing else of the environment that it heeds.
 * What ends the process, such as an unknown option, fails the test.
 */
export function startCli(args: readonly string[], env: Readonly<Record<string, string>>): CliRun {
  const output = { stdout: '', stderr: '' };
  const toStdout = vi.spyOn(console, 'log').mockImplementation((text) => {
    output.stdout += `${text}\n`;
  });
  const toStderr = vi.spyOn(console, 'error').mockImplementation((text) => {
    output.stderr += `${text}\n`;
  });
  const progress = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    output.stderr += String(text);
    return true;
  });
  for (const name of Object.keys(process.env))
    if (/^(COMPOSITOR_|REDIS_URL)/.test(name)) vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  process.exitCode = undefined;
  const ended = createProgram()
    .parseAsync(args, { from: 'user' })
    .then(() => Number(process.exitCode ?? 0))
    .finally(() => {
      process.exitCode = undefined;
      vi.unstubAllEnvs();
      for (const spy of [toStdout, toStderr, progress]) spy.mockRestore();
    });
  return { output, ended };
}

/** Runs it to its end. */
export async function runCli(args: readonly string[], env: Readonly<Record<string, string>>) {
  const { ended, output } = startCli(args, env);
  const code = await ended;
  return { code, ...output };
}
