import { expect, test } from 'vitest';
import { costChart } from '../../bench/costChart.ts';
import { markdownTable, type Part, type Results } from '../../bench/results.ts';

const part: Part = {
  machine: { cpus: 2, cpu: 'Test', memoryGiB: 8 },
  seconds: 8,
  runs: [
    { subject: 'render', size: '720p', cores: 0.2, pssMiB: 400 },
    { subject: 'ours', size: '720p', cores: 0.4, pssMiB: 500, covered: 1, cameraCovered: 0.98 },
    { subject: 'render', size: '720p', cores: 0.4, pssMiB: 400 },
    { subject: 'ours', size: '720p', cores: 0.6, pssMiB: 500, covered: 0.5, cameraCovered: 0.48 },
  ],
};
const results: Results = {
  labels: { render: 'the page alone', ours: 'call-compositor', jibri: 'a peer that was not installed' },
  parts: { call: part, page: part },
  extras: null,
};

test('the call comes before the page', () => {
  const text = markdownTable(results);
  expect(text.indexOf('## A call')).toBeGreaterThan(0);
  expect(text.indexOf('## A page')).toBeGreaterThan(text.indexOf('## A call'));
});

test('costs are told over the page alone of the same round, and as recordings per core', () => {
  const [row] = rowsOf('call-compositor');
  expect(row).toContain('| 2.00 (1.50 to 2.00) |');
  expect(row).toContain('| 0.60 (0.40 to 0.60) |');
  expect(row).toContain('| 2.50 (1.67 to 2.50) |');
  expect(row).toContain('| 0.980 (0.480 to 0.980) |');
});

test('the page alone is not recorded, so it has no recordings per core', () => {
  expect(rowsOf('the page alone')[0]).toContain('| 0.40 (0.20 to 0.40) | - | - | - |');
});

test('a pipeline that was not measured has no row', () => {
  expect(rowsOf('a peer that was not installed')).toEqual([]);
});

test('the chart names each pipeline that records, and each size', () => {
  const svg = costChart(results);
  for (const text of ['call-compositor', '720p', 'per core']) expect(svg).toContain(text);
  expect(svg).not.toContain('render');
});

const rowsOf = (label: string) =>
  markdownTable(results)
    .split('\n')
    .filter((line) => line.startsWith(`| ${label}`));
