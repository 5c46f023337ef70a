import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { LayoutChange } from '../../shared/layout/layoutChange.ts';
import { median } from '../bench/statistics.ts';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { decodeFrames } from '../support/inspect/decodeFrames.ts';
import { sharesOfHues } from '../support/inspect/sharesOfHues.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { keepRecording } from '../support/keepRecording.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

/**
 * Each look has a hue of its own for its background, and one for its stylesheet and one for its logo, so many looks further:
 * where one of them is missing, the background is seen, which is that of another look there.
 */
const LOOKS = 11;
const FURTHER = { background: 0, stylesheet: 4, logo: 7 } as const;
const hueOf = (look: number) => ((look % LOOKS) * 360) / LOOKS;
const colorOf = (look: number) => `hsl(${hueOf(look)} 90% 45%)`;
/** How late what a look needs comes, in milliseconds, so that half of it could be seen. */
const LATE_MS = { css: 150, svg: 60 } as const;

const WIDTH_PX = 640;
/** Where the background, the stylesheet and the logo alone decide what is seen. */
const AREAS = {
  background: { left: 200, top: 3, right: 440, bottom: 15 },
  stylesheet: { left: 575, top: 4, right: 630, bottom: 18 },
  logo: { left: 6, top: 4, right: 34, bottom: 18 },
} as const;

let compositor: Compositor;
let server: Server;
let base: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const [, look, kind] = /^\/(\d+)\.(css|svg)$/.exec(String(request.url)) ?? [];
    const further = kind === 'css' ? FURTHER.stylesheet : FURTHER.logo;
    const color = colorOf(Number(look) + further);
    const css = `.eca__app::before { content: ''; position: absolute; z-index: 9; right: 0; top: 0; width: 80px; height: 22px; background: ${color}; }`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="22"><rect width="40" height="22" fill="${color}"/></svg>`;
    response.setHeader('content-type', kind === 'css' ? 'text/css' : 'image/svg+xml');
    response.setHeader('access-control-allow-origin', '*');
    setTimeout(() => response.end(kind === 'css' ? css : svg), LATE_MS[kind === 'css' ? 'css' : 'svg']);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  compositor = await startCompositor();
});
afterAll(async () => {
  await compositor?.close();
  server?.close();
});

/** Everything of a look is changed at once. */
function changeTo(look: number): LayoutChange & { options: Record<string, unknown> } {
  return {
    name: look % 2 === 0 ? 'grid' : 'spotlight',
    external_css_url: `${base}/${look}.css`,
    options: {
      'layout.background_color': colorOf(look),
      'grid.margin': '24px',
      'logo.image_url': `${base}/${look}.svg`,
      'logo.horizontal_position': 'left',
      ...{
        'logo.width': '40px',
        'logo.height': '22px',
        'logo.margin_inline': '0px',
        'logo.margin_block': '0px',
      },
      'title.text': `This is look ${look}`,
      ...{ 'title.horizontal_position': 'center', 'title.vertical_position': 'bottom' },
    },
  };
}

interface SeenFrame {
  readonly looks: Readonly<Record<keyof typeof AREAS, number>>;
  readonly isBlack: boolean;
  /** The share of the picture that has the hue of its background. */
  readonly share: number;
}

/** Which look has this hue; -1 where the area has no strong colour. */
function lookIn(frame: Buffer, area: keyof typeof AREAS): number {
  const { left, top, right, bottom } = AREAS[area];
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const at = 3 * (y * WIDTH_PX + x);
      red += frame[at] as number;
      green += frame[at + 1] as number;
      blue += frame[at + 2] as number;
    }
  const pixels = (right - left) * (bottom - top);
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  if (range / pixels < 60) return -1;
  const redness = (green - blue) / range;
  const sixths =
    most === red ? redness : most === green ? 2 + (blue - red) / range : 4 + (red - green) / range;
  const turn = ((sixths + 6) % 6) / 6;
  return (Math.round(turn * LOOKS) - FURTHER[area] + LOOKS) % LOOKS;
}

function look(frame: Buffer): SeenFrame {
  const looks = {
    background: lookIn(frame, 'background'),
    stylesheet: lookIn(frame, 'stylesheet'),
    logo: lookIn(frame, 'logo'),
  };
  let sum = 0;
  for (let at = 0; at < frame.length; at += 30) sum += frame[at + 1] as number;
  const share = sharesOfHues(frame, [hueOf(looks.background)])[0] ?? 0;
  return { looks, isBlack: sum / (frame.length / 30) < 24, share };
}

async function framesOf(result: RecordingResult): Promise<(SeenFrame & { readonly atS: number })[]> {
  const times = await (await inspectRecording(String(result.file))).frameTimes();
  const rect = { xPx: 0, yPx: 0, widthPx: WIDTH_PX, heightPx: 360 };
  const seen: (SeenFrame & { readonly atS: number })[] = [];
  for await (const frame of decodeFrames(String(result.file), { fromS: 0, toS: 600, rect, pixels: 'rgb24' }))
    seen.push({ ...look(frame), atS: Number(times[seen.length]?.atS) });
  return seen;
}

test.concurrent.each([
  'drawn',
  'decoded',
] as const)('a recording that changes ten times and is paused twice shows whole looks alone (videos %s)', async (videos) => {
  const first = changeTo(0);
  const run = compositor.start({
    call: { id: 'changes' },
    source: { kind: 'demo', participants: 4, script: 'steady' },
    recording: { quality: '360p', videos, encoding: { video_bitrate_kbps: 6_000 }, layout: first },
    limits: { max_duration_s: 90 },
  });
  await elapsed(run, 3);
  const askedAtMs: number[] = [Date.now()];
  for (let look = 1; look < LOOKS; look++) {
    askedAtMs.push(Date.now());
    await run.changeLayout(changeTo(look));
    await elapsed(run, lastElapsed(run) + 3);
    if (look !== 4 && look !== 7) continue;
    await run.pause(look === 4 ? 'skip' : 'silence');
    await run.changeLayout({ options: { 'title.text': 'Nobody sees this' } });
    await run.changeLayout({ options: { 'title.text': `This is look ${look}` } });
    await run.resume();
  }
  await run.stop();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null, gaps: [], warnings: [] });
  expect(result.pauses.map(({ mode }) => mode)).toEqual(['skip', 'silence']);
  await keepRecording(result, `changes ${videos}`);
  const frames = await framesOf(result);
  expect(frames.length).toBeGreaterThan(700);
  expect(frames.filter(({ isBlack }) => isBlack)).toEqual([]);
  // Each picture is of one look, and one look follows the other.
  const mixed = frames.filter(({ looks }) => new Set(Object.values(looks)).size > 1);
  expect(mixed.map(({ atS, looks }) => `${atS} s: ${JSON.stringify(looks)}`)).toEqual([]);
  const order = frames.map(({ looks }) => looks.background);
  expect(order.filter((one, index) => one !== order[index - 1])).toEqual(
    Array.from({ length: LOOKS }, (_, index) => index),
  );
  // No tile is missing in any picture of a look.
  for (let look = 0; look < LOOKS; look++) {
    const shares = frames.filter(({ looks }) => looks.background === look).map(({ share }) => share);
    const usual = Number(median(shares));
    for (const share of shares) expect(Math.abs(share - usual)).toBeLessThan(0.06);
  }
  const late = latenessMs(result, frames, askedAtMs);
  console.log(`${videos}: a look is seen after ${late.map(Math.round).join(', ')} ms`);
  // Its stylesheet takes 150 ms.
  expect(Number(median(late))).toBeLessThan(600);
});

/** How long after it was asked for each look is in the picture, by the wall clock. */
function latenessMs(
  { started_at, pauses }: RecordingResult,
  frames: readonly { readonly atS: number; readonly looks: SeenFrame['looks'] }[],
  askedAtMs: readonly number[],
): number[] {
  return askedAtMs.slice(1).map((askedMs, index) => {
    const atS = Number(frames.find(({ looks }) => looks.background === index + 1)?.atS);
    const skipped = pauses.filter(({ mode, from_s }) => mode === 'skip' && from_s < atS);
    const skippedS = skipped.reduce((sum, { lasted_s }) => sum + Number(lasted_s), 0);
    return Date.parse(String(started_at)) + (atS + skippedS) * 1000 - askedMs;
  });
}
