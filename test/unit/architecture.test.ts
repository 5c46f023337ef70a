import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Import {
  readonly from: string;
  readonly to: string;
}

async function importsOf(folder: string): Promise<Import[]> {
  const names = await readdir(join(ROOT, folder), { recursive: true });
  const files = names.filter((name) => /\.(ts|tsx)$/.test(name)).map((name) => join(folder, name));
  const found = await Promise.all(files.map((file) => importsIn(file)));
  return found.flat();
}

async function importsIn(file: string): Promise<Import[]> {
  const text = await readFile(join(ROOT, file), 'utf8');
  const targets = [...text.matchAll(/from '([^']+)'/g)].map((match) => String(match[1]));
  return targets.map((target) => ({
    from: file,
    to: target.startsWith('.') ? relative(ROOT, resolve(ROOT, dirname(file), target)) : target,
  }));
}

const importers = (imports: Import[], target: RegExp) =>
  [...new Set(imports.filter(({ to }) => target.test(to)).map(({ from }) => from))].sort();

test('the story touches every step, and no step knows another: only the story joins them', async () => {
  const imports = await importsOf('worker');
  const crossing = imports.filter(({ from, to }) => {
    const [, fromFolder] = /^worker\/(storage|events|job)\//.exec(from) ?? [];
    const [, toFolder] = /^worker\/(browser|watch|capture|storage|events|job)\//.exec(to) ?? [];
    return fromFolder && toFolder && fromFolder !== toFolder;
  });
  expect(crossing).toEqual([]);
});

test('each library has its edge', async () => {
  const imports = await importsOf('worker');
  expect(importers(imports, /^@aws-sdk/)).toEqual([
    'worker/storage/s3/namingFailure.ts',
    'worker/storage/s3/s3Object.ts',
    'worker/storage/s3/s3Storage.ts',
    'worker/storage/s3/s3Upload.ts',
  ]);
  expect(importers(imports, /^bullmq$/).every((file) => /^worker\/(job|cli)\//.test(file))).toBe(true);
  expect(
    importers(imports, /^puppeteer$/).every((file) =>
      /^worker\/(browser|capture|page|watch|cli)\//.test(file),
    ),
  ).toBe(true);
  expect(importers(await importsOf('layout-app'), /^livekit-client/)).toHaveLength(1);
});

test('layout app and worker share the contract and nothing else', async () => {
  const layoutApp = importers(await importsOf('layout-app'), /^worker\//);
  const worker = importers(await importsOf('worker'), /^layout-app\//);
  expect({ layoutApp, worker }).toEqual({ layoutApp: [], worker: [] });
});

test('the environment is read in one place', async () => {
  const names = await readdir(join(ROOT, 'worker'), { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts') && !name.startsWith('cli'));
  const texts = await Promise.all(
    files.map(async (name) => ({ name, text: await readFile(join(ROOT, 'worker', name), 'utf8') })),
  );
  expect(texts.filter(({ text }) => text.includes('process.env')).map(({ name }) => name)).toEqual([]);
});
