import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { FAMILIES } from '../generate/families.ts';
import { optionReference } from '../generate/optionReference.ts';
import { themeGuide } from '../generate/themeGuide.ts';

test('every option is in one family', () => {
  const counts = LAYOUT_OPTIONS.map(
    ({ key }) => [key, FAMILIES.filter(({ has }) => has(key)).length] as const,
  );
  expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
});

test.each([
  ['options.md', optionReference],
  ['themes.md', themeGuide],
])('docs/%s is what the tables say; npm run docs writes it anew', async (name, make) => {
  const path = fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
  expect(await readFile(path, 'utf8')).toBe(make());
});
