import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

/** Plain JavaScript, since it runs before there is a compiler. */
const FILE = new URL('../../../../worker/setup/buildIfChanged.mjs', import.meta.url).href;
const { buildIfChanged } = await import(/* @vite-ignore */ FILE);

let root: string;
let builds: number;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'test-build-'));
  put('worker/main.ts', 'main');
  put('worker/old.ts', 'old');
  put('package-lock.json', '{}');
  builds = 0;
  ensureBuilt();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function ensureBuilt(): void {
  const build = () => {
    builds++;
    put('dist/worker/main.js', `built from ${readFileSync(join(root, 'worker/main.ts'), 'utf8')}`);
  };
  buildIfChanged(() => {}, { root, build });
}

test('what was built once is not built again, even after a source was only touched', () => {
  utimesSync(join(root, 'worker/main.ts'), new Date(), new Date());
  ensureBuilt();
  expect(builds).toBe(1);
});

test.each([
  ['a source was changed', () => put('worker/main.ts', 'main 2')],
  ['a source was added', () => put('worker/new.ts', 'new')],
  ['a source was deleted', () => rmSync(join(root, 'worker/old.ts'))],
  ['a package has another version', () => put('package-lock.json', '{ "version": 2 }')],
  ['a result was changed by somebody else', () => put('dist/worker/main.js', 'built from something else')],
  ['a result was deleted', () => rmSync(join(root, 'dist/worker/main.js'))],
  ['a stray result is there', () => put('dist/worker/gone.js', 'built from a source that is gone')],
])('it is built again if %s', (_what, change) => {
  change();
  ensureBuilt();
  ensureBuilt();
  expect(builds).toBe(2);
});

test('a changed source is noticed even if it is older than the build', () => {
  put('worker/main.ts', 'main of last year');
  utimesSync(join(root, 'worker/main.ts'), new Date('2020-01-01'), new Date('2020-01-01'));
  ensureBuilt();
  expect(readFileSync(join(root, 'dist/worker/main.js'), 'utf8')).toBe('built from main of last year');
});

test('results of deleted sources do not stay', () => {
  put('dist/worker/old.js', 'old');
  ensureBuilt();
  expect(() => readFileSync(join(root, 'dist/worker/old.js'))).toThrow('ENOENT');
});
