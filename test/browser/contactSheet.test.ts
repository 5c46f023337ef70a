import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  cellName,
  compareSheets,
  drawContactSheet,
  ORIENTATIONS,
  type Orientation,
} from '../generate/contactSheet.ts';
import { type LayoutApp, startLayoutApp } from '../support/openLayoutApp.ts';

/** Less than the pixels of one label that moved. */
const MOST_DIFFERENT = 0.002;

/** Letters are drawn differently elsewhere. */
const isComparable = process.platform === 'linux';
if (!isComparable) console.warn('SKIPPED: contact sheets are compared on Linux only');

let app: LayoutApp;
beforeAll(async () => {
  app = await startLayoutApp();
}, 60_000);
afterAll(() => app?.close());

test.skipIf(!isComparable).each(Object.keys(ORIENTATIONS) as Orientation[])(
  'every layout looks as it did, in %s',
  {
    timeout: 120_000,
  },
  async (orientation) => {
    const path = fileURLToPath(new URL(`../../docs/contact-sheet-${orientation}.webp`, import.meta.url));
    const now = await drawContactSheet(app, orientation);
    if (process.env.UPDATE_SHEETS) await writeFile(path, now);
    const before = await readFile(path);
    const changed = (await compareSheets(app, orientation, [before, now])).filter(
      ({ share }) => share > MOST_DIFFERENT,
    );
    const told = changed.map(({ cell, share }) => `${cellName(cell)}: ${(share * 100).toFixed(2)} % differ`);
    expect(told, `${path}; if that is meant, run again with UPDATE_SHEETS=1 and look at it`).toEqual([]);
  },
);
