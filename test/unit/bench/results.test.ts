import { expect, test } from 'vitest';
import { costChart, markdownTable, type Results } from '../../bench/results.ts';

const results: Results = {
  machine: { cpus: 2, cpu: 'Test', memoryGiB: 8 },
  seconds: 8,
  labels: { render: 'the page alone', ours: 'call-compositor' },
  runs: [
    { subject: 'render', size: '720p', cores: 0.2, pssMiB: 400 },
    { subject: 'ours', size: '720p', cores: 0.4, pssMiB: 500, covered: 1 },
    { subject: 'render', size: '720p', cores: 0.4, pssMiB: 400 },
    { subject: 'ours', size: '720p', cores: 0.6, pssMiB: 500, covered: 0.5 },
  ],
  extras: null,
};

test('costs are told over the page alone of the same round', () => {
  const row = markdownTable(results)
    .split('\n')
    .find((line) => line.startsWith('| call-compositor'));
  expect(row).toContain('| 2.00 (1.50 to 2.00) |');
  expect(row).toContain('| 0.60 (0.40 to 0.60) |');
  expect(row).toContain('| - |');
});

test('the chart names each pipeline and size', () => {
  const svg = costChart(results);
  for (const text of ['call-compositor', '720p']) expect(svg).toContain(text);
});
