import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { hasEnded, thisProcess } from '../../../../worker/lease/processIdentity.ts';
import { eventually } from '../../../support/eventually.ts';

const here = thisProcess();

/** Where the system tells nothing about processes, nothing is claimed early. */
const isLinux = process.platform === 'linux';

function identityOf(pid: number) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const processStart = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] as string;
  return { ...here, pid, processStart };
}

test('a process that runs has not ended', () => {
  expect(hasEnded(here, here)).toBe(false);
});

test.runIf(isLinux)('a process that was killed has ended', async () => {
  const child = spawn('sleep', ['60']);
  const identity = identityOf(child.pid as number);
  expect(hasEnded(identity, here)).toBe(false);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(hasEnded(identity, here)).toBe(true);
});

test.runIf(isLinux)(
  'a process that was killed has ended although nobody has asked for its exit code',
  async () => {
    // The shell becomes a program that never waits for the child that the shell has started.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 60']);
    try {
      const [text] = (await once(parent.stdout, 'data')) as [Buffer];
      const identity = identityOf(Number(String(text)));
      expect(hasEnded(identity, here)).toBe(false);
      await eventually('it has ended', () => hasEnded(identity, here));
      expect(readFileSync(`/proc/${identity.pid}/stat`, 'utf8')).toContain(') Z ');
    } finally {
      parent.kill('SIGKILL');
    }
  },
);

test('a process with the same id that started later is another one', () => {
  expect(hasEnded({ ...here, processStart: '1' }, here)).toBe(isLinux);
});

test('nothing is known of a process of another machine or container', () => {
  expect(hasEnded({ ...here, bootId: 'another', pid: 999_999 }, here)).toBe(false);
  expect(hasEnded({ ...here, pidNamespace: 'another', pid: 999_999 }, here)).toBe(false);
});
