import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process this is, so that another one on the same machine can tell whether it has ended. */
export interface ProcessIdentity {
  /** The same for all processes of a machine until it is started anew. */
  readonly bootId: string;
  /** Process ids mean something only inside one of these; a container has its own. null where there is none. */
  readonly pidNamespace: string | null;
  readonly pid: number;
  /** Start of the process in clock ticks since the machine started: a later process may have the same id. */
  readonly processStart: string | null;
}

/** The identity of the process that runs this. */
export function thisProcess(): ProcessIdentity {
  return {
    bootId: read('/proc/sys/kernel/random/boot_id')?.trim() ?? `host ${hostname()}`,
    pidNamespace: ownNamespace(),
    pid: process.pid,
    processStart: stateOf(process.pid)?.start ?? null,
  };
}

/** Whether both are on the same machine (or in the same container), so that they see the same processes and files. */
export function areTogether(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.bootId === other.bootId && one.pidNamespace === other.pidNamespace;
}

/** Whether a process has certainly ended. False where that cannot be known from here. */
export function hasEnded(other: ProcessIdentity, here: ProcessIdentity): boolean {
  if (!areTogether(other, here) || other.processStart === null || here.processStart === null) return false;
  const now = stateOf(other.pid);
  if (now === null) return !isThere(other.pid);
  // A process that has ended stays in the table as Z or X until its parent has asked for its exit code.
  return now.start !== other.processStart || ['Z', 'X'].includes(now.state);
}

/** /proc may hide processes of other users, and may be unreadable for a moment. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** State and start time of a process; null where there is no such process, or no /proc. */
function stateOf(pid: number): { readonly state: string; readonly start: string } | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field, the program's name, is in parentheses and may hold anything.
  const [state = '', ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return { state, start: more[18] ?? '' };
}

function ownNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
