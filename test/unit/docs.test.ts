import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { RecordingJob } from '../../shared/request/recordingJob.ts';
import { markdownTable } from '../bench/results.ts';
import { errorReference } from '../generate/errorReference.ts';
import { FAMILIES } from '../generate/families.ts';
import { optionReference } from '../generate/optionReference.ts';
import { themeGuide } from '../generate/themeGuide.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const readText = (path: string) => readFile(join(ROOT, path), 'utf8');

test('every option is in one family', () => {
  const counts = LAYOUT_OPTIONS.map(
    ({ key }) => [key, FAMILIES.filter(({ has }) => has(key)).length] as const,
  );
  expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
});

test.each([
  ['options.md', optionReference],
  ['themes.md', themeGuide],
  ['errors.md', errorReference],
])('docs/%s is up to date with its table; npm run docs writes it again', async (name, make) => {
  expect(await readText(`docs/${name}`)).toBe(make());
});

test('docs/bench/results.md has the figures of results.json; npm run bench writes both', async () => {
  const results = JSON.parse(await readText('docs/bench/results.json'));
  expect(await readText('docs/bench/results.md')).toBe(markdownTable(results));
});

test('docs/job.md names every field of a job', async () => {
  const page = await readText('docs/job.md');
  const keys = keysIn(z.toJSONSchema(RecordingJob, { io: 'input', unrepresentable: 'any' }));
  expect(keys).toContain('presigned');
  expect([...keys].filter((key) => !page.includes(key))).toEqual([]);
});

/** The names of all fields in a JSON schema, and of all kinds. */
function keysIn(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const { properties, const: kind } = schema as { properties?: object; const?: unknown };
  const own = [...Object.keys(properties ?? {}), ...(typeof kind === 'string' ? [kind] : [])];
  return new Set([...own, ...Object.values(schema).flatMap((part) => [...keysIn(part)])]);
}

test('every relative link in the README and in docs/ leads to a file, and every anchor to a heading', async () => {
  const pages = await readdir(join(ROOT, 'docs'), { recursive: true });
  const written = pages.filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  const broken: string[] = [];
  for (const page of ['README.md', ...written])
    for (const target of relativeLinks(await readText(page)))
      if (!(await leadsSomewhere(page, target))) broken.push(`${page}: ${target}`);
  expect(broken).toEqual([]);
});

function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => String(target));
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

async function leadsSomewhere(page: string, target: string): Promise<boolean> {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || headingAnchors(await readText(file)).includes(anchor);
}

/** The anchors that GitHub gives to headings: lower case letters, a hyphen for each space, and no other signs. */
function headingAnchors(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    String(heading)
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
