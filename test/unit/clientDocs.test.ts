import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { EXIT } from '../../worker/cli/exitCodes.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const CLIENT = join(ROOT, 'worker/client/api/index.ts');

const page = await readFile(join(ROOT, 'docs/client.md'), 'utf8');
const examples = [...page.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => String(code));

test('every example of docs/client.md is a program of its own that compiles', () => {
  expect(examples.length).toBeGreaterThanOrEqual(4);
  const sources = new Map(examples.map((code, at) => [join(ROOT, `test/unit/example-${at}.ts`), code]));
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [] },
    ...{ target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
    paths: { 'call-compositor/client': [CLIENT] },
  };
  const host = ts.createCompilerHost(options);
  const { readFile: readSource, fileExists, getSourceFile } = host;
  host.readFile = (path) => sources.get(path) ?? readSource(path);
  host.fileExists = (path) => sources.has(path) || fileExists(path);
  host.getSourceFile = (path, version) => {
    const code = sources.get(path);
    return code === undefined ? getSourceFile(path, version) : ts.createSourceFile(path, code, version, true);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  const problems = ts.getPreEmitDiagnostics(program).map(({ messageText, file, start = 0 }) => {
    const line =
      file === undefined ? '' : `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}`;
    return `${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
  expect(problems).toEqual([]);
}, 60_000);

test('docs/client.md lists every exit code', () => {
  const [, table = ''] = page.split('| exit code | meaning |');
  const listed = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(EXIT));
});
