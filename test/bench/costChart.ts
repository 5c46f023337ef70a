import { barChart, renderChart } from './charts.ts';
import type { Results, Run } from './results.ts';
import { summarize } from './statistics.ts';

/** Draws how many recordings of the call one core carries, by pipeline, and beside it how many pictures they have. */
export function costChart({ labels, parts }: Results): string {
  const runs = parts.call?.runs ?? [];
  const names = Object.keys(labels).filter((name) =>
    runs.some((run) => run.subject === name && 'covered' in run),
  );
  const median = (name: string, size: string, read: (run: Run) => number | undefined) =>
    summarize(runs.filter((run) => run.subject === name && run.size === size).map(read))?.median;
  const groups = (read: (run: Run) => number | undefined) =>
    [...new Set(runs.map(({ size }) => size))].map((size) => ({
      name: size,
      values: names.map((name) => Number(median(name, size, read)?.toFixed(2)) || null),
    }));
  const categories = names.map((name) => (name === 'ours' ? 'call-compositor' : name));
  const chart = barChart([
    {
      title: 'Recordings of a call of four per core (more is better)',
      categories,
      groups: groups(({ cores }) => 1 / cores),
    },
    { title: 'Share of frames covered (1 is all)', categories, groups: groups(({ covered }) => covered) },
  ]);
  return renderChart(chart, { widthPx: 900, heightPx: 340 });
}
