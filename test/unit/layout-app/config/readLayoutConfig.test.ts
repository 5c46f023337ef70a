import { expect, test } from 'vitest';
import { readLayoutConfig } from '../../../../layout-app/config/readLayoutConfig.ts';
import { layoutConfigFor } from '../../../../worker/page/layoutConfigFor.ts';
import { requestOf } from '../../../support/requestOf.ts';

const DEMO = { kind: 'demo', participants: 2, script: 'steady', durationS: null };
const OPTIONS = { 'grid.cell_padding': 4, 'layout.background_image': 'url(https://a.example/b.png)' };
const PARSED = { 'layout.grid.gap': '4px', 'layout.background_image': 'url("https://a.example/b.png")' };

test("options as a job writes them are parsed, for a studio or anybody's test", () => {
  const config = readLayoutConfig({ layout: 'grid', options: OPTIONS, source: DEMO });
  expect(config).toMatchObject({ layout: 'grid', options: PARSED, source: DEMO, scene: null });
});

test("the worker's parsed options are what the page shows", () => {
  const job = {
    call: { id: 'a' },
    source: { kind: 'demo' },
    recording: { layout: { name: 'grid', options: OPTIONS } },
  };
  const sent = JSON.parse(JSON.stringify(layoutConfigFor(requestOf('r1', job))));
  expect(readLayoutConfig(sent).options).toEqual(PARSED);
});

test('beside parsed options, the others are not read', () => {
  const given = { options: { unknown: 1 }, parsed_options: PARSED, source: DEMO };
  expect(readLayoutConfig(given).options).toEqual(PARSED);
});

test.each([
  [{}, undefined],
  [{ screenshare_layout: 'single-participant' }, 'single_participant'],
  [
    { screenshare_layout: 'grid', options: { screenshare_layout: 'single-participant' } },
    'single_participant',
  ],
])('%j: while a screen is shared, the layout is %s', (given, expected) => {
  expect(readLayoutConfig({ ...given, source: DEMO }).options.screenshare_layout).toBe(expected);
});

test.each([
  [{ options: { 'title.colour': 'red' }, source: DEMO }, 'unknown layout option "title.colour"'],
  [{ layout: 'gird', source: DEMO }, 'layout: is not a layout'],
  [{ source: { ...DEMO, participants: Number.NaN } }, 'source.participants'],
  [{ source: { kind: 'app' } }, 'source.kind'],
  [{ layout: 'grid' }, 'it names neither source nor test_environment'],
  [null, 'config: '],
])('%j cannot be used', (given, message) => {
  expect(() => readLayoutConfig(given)).toThrow(message);
});
