import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const INSIDE = 'BREAKIN_INSIDE';

/** Whether this process runs in the namespaces already. */
export function isInside(): boolean {
  return process.env[INSIDE] === '1';
}

/** Why the namespaces cannot be made here, or null. */
export function whyNot(): string | null {
  const tried = spawnSync('unshare', [...namespaces(), 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
  });
  if (tried.status === 0) return null;
  return `no network namespace can be made here: ${tried.error?.message ?? tried.stderr.trim()}`;
}

/**
 * Runs this program again in a network and a mount namespace of its own, where private and public addresses can be
 * played on this machine, and nothing leaves it. Resolves to the exit code.
 */
export async function runInside(args: readonly string[]): Promise<number> {
  const child = spawn('unshare', [...namespaces(), ...args], {
    stdio: 'inherit',
    detached: true, // a group of its own, with the servers that it starts
    env: { ...process.env, [INSIDE]: '1' },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => process.kill(-Number(child.pid), 'SIGKILL'));
  const [code] = await once(child, 'exit');
  return (code as number | null) ?? 1;
}

function namespaces(): string[] {
  const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  return ['--net', '--mount', ...own];
}
