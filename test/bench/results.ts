import type { Analysis } from './analyzeRecording.ts';
import { barChart, renderChart } from './charts.ts';
import type { Ssim } from './measureSsim.ts';
import type { Starts } from './measureStarts.ts';
import { type Summary, summarize, textOf } from './statistics.ts';
import { type Machine, machineText } from './thisMachine.ts';

/** One measurement of one pipeline. The page alone has a cost and no recording. */
export type Run = {
  readonly subject: string;
  readonly size: string;
  readonly cores: number;
  readonly pssMiB: number;
} & Partial<Omit<Analysis, 'avOffsets' | 'beepsMs'>>;

export interface Results {
  readonly machine: Machine;
  readonly seconds: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly runs: readonly Run[];
  readonly extras: {
    readonly ssim: Ssim;
    readonly twoAtOnce: { readonly covered: readonly number[]; readonly droppedFrames: readonly number[] };
    readonly starts: Starts;
  } | null;
}

/** How a figure is taken from a run, and how it is written. */
const COLUMNS: readonly { title: string; read: (run: Run) => number | null | undefined; digits: number }[] = [
  { title: 'cores', read: ({ cores }) => cores, digits: 2 },
  { title: 'covered', read: ({ covered }) => covered, digits: 3 },
  { title: 'judder p95 (ms)', read: ({ judderP95Ms }) => judderP95Ms, digits: 0 },
  { title: 'A/V offset (ms)', read: ({ avOffsetMs }) => avOffsetMs, digits: 0 },
  { title: 'A/V spread (ms)', read: ({ avSpreadMs }) => avSpreadMs, digits: 0 },
  { title: 'by the clock (ms)', read: ({ avSpreadByClockMs }) => avSpreadByClockMs, digits: 0 },
  { title: 'memory (MiB PSS)', read: ({ pssMiB }) => pssMiB, digits: 0 },
];

export function markdownTable(results: Results): string {
  const sizes = [...new Set(results.runs.map(({ size }) => size))];
  const tables = sizes.map((size) => sizeTable(results, size));
  const { machine, seconds } = results;
  const intro = introduction(seconds, machineText(machine));
  return `${[intro, ...tables, extrasTable(results)].filter(Boolean).join('\n\n')}\n`;
}

const introduction = (seconds: number, machine: string) => `# What recordings cost: all figures

\`npm run bench\` measures these figures and writes this page. Each figure is the median of runs of ${seconds} s, with the lowest and
the highest run in brackets. The pipelines ran in turn, on ${machine}.

- **over the page**: the cores of a pipeline, divided by the cores of the page alone in the same round.
- **cores** and **memory** count all processes of a pipeline.
- **covered**: how many different pictures of the page the recording has each second, divided by the frame rate.
- **judder p95**: 95 % of the pictures are shown at most this much earlier or later than usual.
- **A/V offset**: how much later the beep comes than its flash. **A/V spread**: the distance between the offsets at 5 % and 95 %.
- **by the clock**: the same spread, measured from the moment for which the page planned the flash.`;

function sizeTable({ runs, labels }: Results, size: string): string {
  const head = ['', 'over the page', ...COLUMNS.map(({ title }) => title)];
  const rows = Object.entries(labels).map(([name, label]) => {
    const mine = runs.filter((run) => run.subject === name && run.size === size);
    const figures = COLUMNS.map(({ read, digits }) => textOf(summarize(mine.map(read)), digits));
    return [label, textOf(ratios(runs, name, size), 2), ...figures];
  });
  return [`**${size}, 30 frames a second, 4 tiles**`, '', ...markdown(head, rows)].join('\n');
}

/** Cores divided by those of the page alone, in each round. */
function ratios(runs: readonly Run[], subject: string, size: string): Summary | null {
  const of = (name: string) => runs.filter((run) => run.subject === name && run.size === size);
  const base = of('render');
  return summarize(of(subject).map(({ cores }, round) => cores / (base[round]?.cores ?? Number.NaN)));
}

function extrasTable({ extras }: Results): string {
  if (!extras) return '';
  const { ssim, twoAtOnce, starts } = extras;
  const stops = Object.entries(starts.stopMs).map(([seconds, ms]) => `${ms} (${seconds} s long)`);
  const rows = [
    ['two 720p recordings at once, covered', twoAtOnce.covered.map((share) => share.toFixed(3)).join(', ')],
    ['SSIM of known frames', `${ssim.ours.toFixed(4)} at ${ssim.oursKbps} kbit/s`],
    ['SSIM, x264 superfast', `${ssim.x264Superfast.toFixed(4)} at ${ssim.x264Kbps} kbit/s`],
    ['job taken to first frame, warm (ms)', textOf(starts.warmMs, 0)],
    ['job taken to first frame, cold (ms)', textOf(starts.coldMs, 0)],
    ['stop to complete file (ms)', stops.join(', ')],
  ];
  return markdown(['call-compositor alone', ''], rows).join('\n');
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

export function costChart(results: Results): string {
  const { runs, labels } = results;
  const names = Object.keys(labels).filter((name) => name !== 'render');
  const shown = names.map((name) => (name === 'ours' ? 'call-compositor' : name));
  const sizes = [...new Set(runs.map(({ size }) => size))];
  const groups = (read: (name: string, size: string) => number | undefined, digits: number) =>
    sizes.map((size) => ({
      name: size,
      values: names.map((name) => Number(read(name, size)?.toFixed(digits)) || null),
    }));
  const covered = (name: string, size: string) =>
    summarize(runs.filter((run) => run.subject === name && run.size === size).map((run) => run.covered))
      ?.median;
  const chart = barChart([
    {
      title: 'CPU: cores over the page alone (less is better)',
      categories: shown,
      groups: groups((name, size) => ratios(runs, name, size)?.median, 1),
    },
    { title: 'Share of frames covered (1 is all)', categories: shown, groups: groups(covered, 2) },
  ]);
  return renderChart(chart, { widthPx: 900, heightPx: 340 });
}
