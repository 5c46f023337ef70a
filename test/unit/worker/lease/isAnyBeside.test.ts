import { expect, test } from 'vitest';
import { isAnyBeside } from '../../../../worker/lease/isAnyBeside.ts';
import type { Lease } from '../../../../worker/lease/lease.ts';

const on = (bootId: string, pid: number) => ({ bootId, pidNamespace: 'n', pid, processStart: '1' });
const owner = on('one', 1);
const lease: Lease = {
  owner: 'token',
  fence: 1,
  beat: 1,
  state: 'running',
  offered: false,
  leaving: true,
  process: owner,
};

test.each([
  ['a worker on the machine of the owner', [on('one', 2)], true],
  ['the owner itself', [owner], false],
  ['a worker on another machine, whatever its number', [on('other', 2), on('other', 1)], false],
  ['the one that asks', [on('one', 3)], false],
])('of all that are alive, %s counts as beside the owner of a recording: %#', (_who, alive, isBeside) => {
  expect(isAnyBeside(lease, alive, on('one', 3))).toBe(isBeside);
});

test('nobody is beside the owner of a recording that has none', () => {
  expect(isAnyBeside(undefined, [on('one', 2)], on('one', 3))).toBe(false);
});
