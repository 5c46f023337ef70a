import type { AtOnce } from './measureAtOnce.ts';
import type { Ssim } from './measureSsim.ts';
import type { Starts } from './measureStarts.ts';
import type { Analysis } from './recorded.ts';
import { type Summary, summarize, textOf } from './statistics.ts';
import { type Machine, machineText } from './thisMachine.ts';

/** One measurement of one pipeline. The page alone has a cost and no recording. */
export type Run = {
  readonly subject: string;
  readonly size: string;
  readonly cores: number;
  readonly pssMiB: number;
} & Partial<Analysis>;

export type PartName = 'call' | 'page';

/** All runs that record the same, in turns. */
export interface Part {
  readonly machine: Machine;
  readonly seconds: number;
  readonly runs: readonly Run[];
}

export interface Extras {
  readonly atOnce: readonly AtOnce[];
  readonly ssim: Ssim;
  readonly starts: Starts;
}

export interface Results {
  readonly labels: Readonly<Record<string, string>>;
  readonly parts: Readonly<Partial<Record<PartName, Part>>>;
  readonly extras: Extras | null;
}

/** How a figure is taken from a run, and how it is written. */
interface Column {
  readonly title: string;
  readonly read: (run: Run) => number | null | undefined;
  readonly digits: number;
}

const CORES: Column = { title: 'cores', read: ({ cores }) => cores, digits: 2 };
const COVERED: Column = { title: 'covered', read: ({ covered }) => covered, digits: 3 };
const MEMORY: Column = { title: 'memory (MiB PSS)', read: ({ pssMiB }) => pssMiB, digits: 0 };
/** The page alone is not recorded. */
const perCore = ({ cores, covered }: Run) => (covered === undefined ? null : 1 / cores);
const COLUMNS: Readonly<Record<PartName, readonly Column[]>> = {
  call: [
    CORES,
    { title: 'recordings per core', read: perCore, digits: 2 },
    COVERED,
    { title: 'of each camera', read: ({ cameraCovered }) => cameraCovered, digits: 3 },
    MEMORY,
  ],
  page: [
    CORES,
    COVERED,
    { title: 'judder p95 (ms)', read: ({ judderP95Ms }) => judderP95Ms, digits: 0 },
    { title: 'A/V offset (ms)', read: ({ avOffsetMs }) => avOffsetMs, digits: 0 },
    { title: 'A/V spread (ms)', read: ({ avSpreadMs }) => avSpreadMs, digits: 0 },
    { title: 'by the clock (ms)', read: ({ avSpreadByClockMs }) => avSpreadByClockMs, digits: 0 },
    MEMORY,
  ],
};

export function markdownTable({ labels, parts, extras }: Results): string {
  const { call, page } = parts;
  const sections = [
    INTRODUCTION,
    call && `${callIntroduction(call)}\n\n${tablesOf('call', call, labels)}`,
    page && `${pageIntroduction(page)}\n\n${tablesOf('page', page, labels)}`,
    extras && `## call-compositor alone\n\n${extrasTable(extras)}`,
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

const INTRODUCTION = `# What recordings cost: all figures

\`npm run bench\` measures these figures and writes this page. Each figure is the median of several runs, with the lowest and the
highest run in brackets. The pipelines run in turn.

- **over the page**: the cores of a pipeline, divided by the cores of the page alone in the same round.
- **cores** and **memory** count all processes of a pipeline, and nothing else.
- **covered**: how many different pictures the recording has each second, divided by the frame rate. This is read from the file.`;

const measuredOn = ({ seconds, machine }: Part) =>
  `Each run was measured for ${seconds} s, on ${machineText(machine)}.`;

const callIntroduction = (part: Part) => `## A call

Four people in a LiveKit call with cameras of 640 x 360 at 30 frames a second. Their pictures were encoded before the call, so sending
them costs little, and it is not counted. The browser of every pipeline opens the same address of our layout app, and joins the call as a
viewer of its own. ${measuredOn(part)}

- **recordings per core**: 1 divided by the cores of one recording.
- **covered** is read from a number in each camera's picture. A picture of the recording is a different one if any of the four numbers
  is. **of each camera**: how many different pictures of one camera the recording has each second, divided by the frame rate; the mean
  of the four.`;

const pageIntroduction = (part: Part) => `## A page that is not ours

Four videos that the browser plays from files, with the page's clock over them as a bar code, and a beep with a flash once a second. No
pipeline gets anything from this page but its pictures and its sound. ${measuredOn(part)}

- **covered** is read from the clock.
- **judder p95**: 95 % of the pictures are shown at most this much earlier or later than usual.
- **A/V offset**: how much later the beep comes than its flash. **A/V spread**: the distance between the offsets at 5 % and 95 %.
- **by the clock**: the same spread, measured from the moment for which the page planned the flash.`;

function tablesOf(name: PartName, { runs }: Part, labels: Results['labels']): string {
  const head = ['', 'over the page', ...COLUMNS[name].map(({ title }) => title)];
  const tables = [...new Set(runs.map(({ size }) => size))].map((size) => {
    const rows = Object.entries(labels).flatMap(([subject, label]) => {
      const mine = runs.filter((run) => run.subject === subject && run.size === size);
      if (mine.length === 0) return [];
      const figures = COLUMNS[name].map(({ read, digits }) => textOf(summarize(mine.map(read)), digits));
      return [[label, textOf(ratios(runs, subject, size), 2), ...figures]];
    });
    return [`**${size}, 30 frames a second**`, '', ...markdown(head, rows)].join('\n');
  });
  return tables.join('\n\n');
}

/** Cores divided by those of the page alone, in each round. */
function ratios(runs: readonly Run[], subject: string, size: string): Summary | null {
  const of = (name: string) => runs.filter((run) => run.subject === name && run.size === size);
  const base = of('render');
  return summarize(of(subject).map(({ cores }, round) => cores / (base[round]?.cores ?? Number.NaN)));
}

function extrasTable({ atOnce, ssim, starts }: Extras): string {
  const stops = Object.entries(starts.stopMs).map(([seconds, ms]) => `${ms} (${seconds} s long)`);
  const rows = [
    ...atOnce.map(({ recordings, cores, senderCores, covered }) => [
      `${recordings} recordings of the call at once, 720p, covered`,
      `${covered.map((share) => share.toFixed(3)).join(', ')} with ${cores.toFixed(2)} cores, beside ${senderCores.toFixed(2)} of the call itself`,
    ]),
    ['SSIM of known frames', `${ssim.ours.toFixed(4)} at ${ssim.oursKbps} kbit/s`],
    ['SSIM, x264 superfast', `${ssim.x264Superfast.toFixed(4)} at ${ssim.x264Kbps} kbit/s`],
    ['job taken to first frame, warm (ms)', textOf(starts.warmMs, 0)],
    ['job taken to first frame, cold (ms)', textOf(starts.coldMs, 0)],
    ['stop to complete file (ms)', stops.join(', ')],
  ];
  return markdown(['what', ''], rows).join('\n');
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
