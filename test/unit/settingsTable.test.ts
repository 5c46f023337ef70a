import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { withSettingsTable } from '../generate/settingsTable.ts';

test('the settings in the README are those that the worker reads; npm run docs writes them anew', async () => {
  const readme = await readFile(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
  expect(readme).toBe(withSettingsTable(readme));
});

test('the table stands between its markers and leaves what is around it alone', () => {
  const table = withSettingsTable('before\n<!-- settings -->\nstale\n<!-- /settings -->\nafter\n');
  expect(table).toMatch(/^before\n<!-- settings -->\n\| variable .*\n<!-- \/settings -->\nafter\n$/s);
  expect(table).toContain('| `COMPOSITOR_QUEUE` | `recordings` |');
  expect(table).not.toContain('stale');
  expect(() => withSettingsTable('no markers')).toThrow('README.md has no <!-- settings -->');
});
