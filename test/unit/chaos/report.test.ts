import { describe, expect, test } from 'vitest';
import type { RecordingResult } from '../../../shared/events/recordingEvents.ts';
import { markdownOf, rowOf, withRow } from '../../chaos/report.ts';
import type { Scenario } from '../../chaos/scenario.ts';

const scenario: Scenario = {
  name: 'cable-pulled',
  happens: 'A cable is pulled.',
  promise: 'At most 2 s are missing.',
  mostMissingS: 2,
  goesOnWithinS: 3,
  run: () => Promise.reject(new Error('it is not played here')),
};

const seen = (missingS: number, goesOnAfterS: number | null = null, problems: string[] = []) => ({
  how: null,
  missingS,
  goesOnAfterS,
  problems,
  result: {} as RecordingResult,
  file: null,
});

describe('a row', () => {
  test('tells the median and the worst of what was seen', () => {
    const row = rowOf(scenario, [seen(0.5), seen(1, 2), seen(1.5, 2.5)]);
    expect(row).toMatchObject({ plays: 3, problems: [] });
    expect(row.usual).toBe('1.00 s missing, goes on after 2.50 s');
    expect(row.worst).toBe('1.50 s missing, goes on after 2.50 s');
  });

  test.each([
    ['more is missing', [seen(0), seen(2.1)], 'more is missing than promised'],
    ['it goes on late', [seen(0), seen(1, 3.1)], 'it went on later than promised'],
    ['a play has a problem', [seen(0), seen(0, null, ['2 final events'])], '2 final events'],
    ['there is no file', [seen(Number.POSITIVE_INFINITY)], 'more is missing than promised'],
    ['a play could not be played', [seen(0), new Error('no disk')], 'a play could not be played: no disk'],
  ])('is broken where %s', (_what, played, problem) => {
    const row = rowOf(scenario, played);
    expect(row.problems).toEqual([problem]);
    expect(markdownOf([row])).toContain(`**broken**: ${problem}`);
  });

  test('takes the place of the one that was measured before, in the order of the scenarios', () => {
    const old = ['b', 'a'].map((name) => ({ ...rowOf(scenario, [seen(1)]), name }));
    const row = { ...rowOf(scenario, [seen(0)]), name: 'b' };
    const all = withRow(old, row, ['a', 'b', 'c']);
    expect(all.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(all[1]).toBe(row);
  });
});
