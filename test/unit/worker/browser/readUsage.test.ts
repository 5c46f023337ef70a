import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderMiB } from '../../../../worker/browser/folderMiB.ts';
import { readUsage } from '../../../../worker/browser/readUsage.ts';

test('a process uses what its descendants use too, and nothing once it has ended', async () => {
  const grow =
    'globalThis.kept = Buffer.alloc(200 * 2 ** 20, 1); console.log("grown"); process.stdin.resume();';
  const script = `require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grow)}], { stdio: "inherit" })`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const { memoryMiB, cpuS } = readUsage(Number(child.pid));
  expect(memoryMiB).toBeGreaterThan(200);
  expect(memoryMiB).toBeLessThan(500);
  expect(cpuS).toBeGreaterThan(0);
  child.stdin.end();
  await once(child, 'exit');
  expect(readUsage(Number(child.pid))).toEqual({ memoryMiB: 0, cpuS: 0 });
});

test('a folder takes what is in its folders, and is not measured further than needed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'folder-'));
  await mkdir(join(folder, 'a', 'b'), { recursive: true });
  await writeFile(join(folder, 'one'), Buffer.alloc(3 * 2 ** 20, 1));
  await writeFile(join(folder, 'a', 'b', 'two'), Buffer.alloc(2 * 2 ** 20, 1));
  await writeFile(join(folder, 'holes'), '');
  await truncate(join(folder, 'holes'), 2 ** 30);
  expect(Math.round(await folderMiB(folder, 100))).toBe(5);
  expect(await folderMiB(folder, 1)).toBeLessThan(5);
  await rm(folder, { recursive: true });
  expect(await folderMiB(folder, 100)).toBe(0);
});
