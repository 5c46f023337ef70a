import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import puppeteer, { type Page } from 'puppeteer';
import sirv from 'sirv';
import { findBrowser } from '../support/findBrowser.ts';
import { sceneOf } from '../support/scene.ts';
import { makeClips } from './makeClips.ts';
import { pause } from './pause.ts';
import { usageOf } from './processTree.ts';
import { median, summarize, textOf } from './statistics.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const SIZE = { width: 1280, height: 720 };
const PEOPLE = 9;
const CLIPS = 4;
const SETTLE_S = 3;

interface Variant {
  readonly name: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly css?: string;
  readonly hasSpeaker?: boolean;
}

const BARE = {
  'participant.border_radius': '0px',
  'participant.video_border_width': false,
  'participant_label.display': false,
};
const LABELS = { 'participant_label.display': true };

/** Each entry is the bare grid with one decoration added. */
const VARIANTS: readonly Variant[] = [
  { name: 'bare grid' },
  { name: 'labels, with their halo', options: LABELS },
  { name: 'labels on a background', options: { ...LABELS, 'participant_label.background_color': '#ffffff' } },
  { name: 'border of 1px', options: { 'participant.video_border_width': true } },
  { name: 'round corners', options: { 'participant.border_radius': '1.2rem' } },
  {
    name: 'round corners, border and labels: the default',
    options: { 'participant.border_radius': '1.2rem', 'participant.video_border_width': true, ...LABELS },
  },
  { name: 'outline of a speaker', hasSpeaker: true },
  { name: 'title', options: { 'title.text': 'Weekly stand-up' } },
  { name: 'mirrored', options: { 'layout.forceMirrorParticipants': true } },
  { name: 'debug timestamp', options: { 'debug.show_timestamp': true } },
  { name: 'a theme’s box shadow', css: '.str-video__participant-view{box-shadow:0 6px 24px #000}' },
  { name: 'a theme’s filter on videos', css: '.str-video__video{filter:contrast(1.1)}' },
];

/**
 * Measures what each decoration costs to draw, in turns with plain videos in the same rectangles. Nothing is
 * recorded.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('decorations')
    .option('--rounds <n>', 'times each is measured', Number, 5)
    .option('--seconds <n>', 'how long each time', Number, 6)
    .parse(argv);
  const { rounds, seconds } = command.opts<{ rounds: number; seconds: number }>();
  await makeClips(here('../../.cache/bench-clips'));
  const server = await serve();
  const rectangles = await cost(
    server.url,
    seconds,
    (page) => openGrid(page, server.url, {}, readRectangles),
    0,
  );
  const plain = `${server.url}plain.html#${encodeURIComponent(JSON.stringify(rectangles.value))}`;
  const found = new Map<string, number[]>();
  try {
    for (let round = 0; round < rounds; round++) {
      const base = (await cost(server.url, seconds, (page) => page.goto(plain))).cores;
      for (const variant of VARIANTS) {
        const { cores } = await cost(server.url, seconds, (page) =>
          openGrid(page, server.url, variant, async () => {}),
        );
        found.set(variant.name, [...(found.get(variant.name) ?? []), cores / base]);
      }
      console.log(`round ${round + 1} of ${rounds}; plain videos: ${base.toFixed(3)} cores`);
    }
  } finally {
    server.close();
  }
  const bare = median(found.get('bare grid') ?? []) ?? 1;
  const rows = [...found].map(([name, ratios]) => {
    const summary = summarize(ratios);
    if (!summary) return '';
    const more = name === 'bare grid' ? '' : `${Math.round((summary.median / bare - 1) * 100)} %`;
    return `| ${name} | ${textOf(summary, 2)} | ${more} |`;
  });
  const head = [
    '| grid of 9 at 720p | cores over plain videos | over the bare grid |',
    '| --- | --- | --- |',
  ];
  const table = `${[...head, ...rows].join('\n')}\n`;
  console.log(table);
  await writeFile(here('../../docs/bench/decorations.md'), `${introduction(rounds)}\n\n${table}`);
}

const introduction = (rounds: number) => `# What decorations cost to draw

The page shows a grid of nine videos at 720p, and nothing is recorded. Each line below is the bare grid (without labels,
borders and round corners) with one decoration added. The figures are medians of ${rounds} rounds, in which all lines are measured
in turn, with the lowest and the highest round in brackets. "Plain videos" are \`<video>\` elements in the same rectangles on
an empty page. Differences of a few percent are noise.

\`node test/run.mjs bench/decorations\` measures this and writes this page.`;

async function serve() {
  const folders = ['page', '../../.cache/bench-clips'].map((path) => sirv(here(path), { dev: true }));
  const app = sirv(here('../../dist/layout-app'), { dev: true });
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/app/')) {
      request.url = request.url.slice('/app'.length);
      return app(request, response);
    }
    const [page, clips] = folders as [typeof app, typeof app];
    page(request, response, () => clips(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.closeAllConnections() };
}

/** Returns the cores used by a browser that shows what `open` opens, and what `open` resolves to. */
async function cost<T>(url: string, seconds: number, open: (page: Page) => Promise<T>, settleS = SETTLE_S) {
  const browser = await puppeteer.launch({
    executablePath: findBrowser() ?? undefined,
    networkEnabled: false,
    defaultViewport: SIZE,
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      `--window-size=${SIZE.width},${SIZE.height}`,
    ],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    const value = await open(page);
    await pause(settleS);
    const pid = Number(browser.process()?.pid);
    const [before, startedAtMs] = [usageOf(pid).cpuS, performance.now()];
    await pause(seconds);
    return { value, cores: (usageOf(pid).cpuS - before) / ((performance.now() - startedAtMs) / 1000) };
  } finally {
    await browser.close();
  }
}

async function openGrid<T>(
  page: Page,
  url: string,
  { options, css, hasSpeaker }: Partial<Variant>,
  then: (page: Page) => Promise<T>,
): Promise<T> {
  await page.goto(`${url}app/index.html`);
  const participants = sceneOf(PEOPLE).map((one, index) => ({
    ...one,
    video: `${url}v${(index % CLIPS) + 1}.webm`,
    isSpeaking: hasSpeaker === true && index === 0,
  }));
  const ext_css = css ? `data:text/css,${encodeURIComponent(css)}` : '';
  const config = {
    layout: 'grid',
    options: { ...BARE, ...options },
    ext_css,
    test_environment: { participants },
  };
  await page.evaluate(
    (given) => (window as unknown as { setupLayout(config: unknown): void }).setupLayout(given),
    config,
  );
  await page.waitForSelector('#egress-ready-for-capture', { visible: false });
  return then(page);
}

function readRectangles(page: Page) {
  return page.$$eval('video', (videos) =>
    videos.map((video) => {
      const { left, top, width, height } = video.getBoundingClientRect();
      return { src: video.src, left, top, width, height };
    }),
  );
}
