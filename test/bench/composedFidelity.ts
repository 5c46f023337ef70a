import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import { runTool } from '../support/inspect/runTool.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { type Analysis, analyzeRecording } from './analyzeRecording.ts';
import {
  compareWithX264,
  drawKnownFrames,
  encodeWithX264,
  findRun,
  KNOWN_RATE,
  KNOWN_SIZE,
  type Ssim,
} from './knownFrames.ts';
import { type BenchPage, serveBenchPage } from './serveBenchPage.ts';
import { summarize, textOf } from './statistics.ts';
import { machineText, thisMachine } from './thisMachine.ts';

const TABLE = fileURLToPath(new URL('../../docs/bench/composed-fidelity.md', import.meta.url));
const SIZES = ['720p', '1080p'] as const;
type Size = (typeof SIZES)[number];
/** The known frames are played for so long, and recorded for a part of it. */
const KNOWN_S = 8;
const RECORDED_S = 6;
/** The browser draws the videos until the composer knows what lies over them, which takes a moment. */
const DRAWN_AT_MOST_S = 1;
/** On a machine that is busy with something else, frames are doubled or lost all the time. */
const LEAST_RUN = 60;
const BITRATE_KBPS = 3000;

/** x264 without CABAC, B-frames and weighted prediction, which OpenH264 in Chromium does not have. */
const SAME_TOOLS = 'cabac=0:bframes=0:weightp=0';

interface Quality extends Ssim {
  /** x264 superfast at the same bitrate, with no more tools than OpenH264 in Chromium has. */
  readonly x264SameTools: { readonly ssim: number; readonly kbps: number };
}

/** What a recording of page/composedClock.html shows. */
interface Timing extends Analysis {
  /** How much later than in its first half beeps come after their flashes in the second half of the recording. */
  readonly driftMs: number | null;
}

/**
 * Measures how good recordings are whose videos go into the picture as they were decoded: how much of known frames is left, and
 * whether pictures and sound come in time.
 */
export async function main(argv: string[]): Promise<void> {
  const command = new Command('composedFidelity')
    .option('--rounds <n>', 'how often each is measured', Number, 5)
    .option('--seconds <n>', 'how long each recording of flashes and beeps is', Number, 20)
    .parse(argv);
  const given = command.opts<{ rounds: number; seconds: number }>();
  const folder = await mkdtemp(join(tmpdir(), 'composed-fidelity-'));
  const page = await serveBenchPage(folder);
  const quality: Quality[] = [];
  const timing: Record<Size, Timing[]> = { '720p': [], '1080p': [] };
  try {
    const known = await writeKnownFrames(new URL('frames.html', page.url).href, folder);
    const compositor = await startCompositor({ COMPOSITOR_RECORDINGS_DIR: folder });
    try {
      for (let round = 1; round <= given.rounds; round++) {
        quality.push(await measureQuality(compositor, page, known, folder));
        console.log(`round ${round}: ${JSON.stringify(quality.at(-1))}`);
        for (const size of SIZES) {
          timing[size].push(await measureTiming(compositor, page, size, given.seconds));
          console.log(`round ${round}, ${size}: ${timingText(timing[size].at(-1) as Timing)}`);
        }
      }
    } finally {
      await compositor.close();
    }
  } finally {
    await page.close();
    await rm(folder, { recursive: true, force: true });
  }
  const text = documentOf(quality, timing, given);
  console.log(text);
  await writeFile(TABLE, text);
}

/** Writes all known frames into one file, known.yuv, in I420, as the page plays them. Resolves to its path. */
async function writeKnownFrames(url: string, folder: string): Promise<string> {
  const drawn = join(folder, 'drawn');
  await mkdir(drawn);
  const numbers = Array.from({ length: KNOWN_S * KNOWN_RATE }, (_, number) => number);
  const frames = await drawKnownFrames(url, numbers, drawn);
  const known = join(folder, 'known.yuv');
  await runTool('ffmpeg', ['-v', 'error', ...frames, '-pix_fmt', 'yuv420p', '-f', 'rawvideo', known]);
  await rm(drawn, { recursive: true });
  return known;
}

async function measureQuality(
  compositor: Compositor,
  page: BenchPage,
  known: string,
  folder: string,
): Promise<Quality> {
  const url = new URL('composedFrames.html', page.url).href;
  const recording = await record(compositor, url, '720p', RECORDED_S);
  const run = await findRun(recording);
  if (run.numbers.length < LEAST_RUN) {
    console.log(`measured again, because only ${run.numbers.length} known frames came one after the other`);
    await rm(recording);
    return measureQuality(compositor, page, known, folder);
  }
  const shown = partOf(known, run.numbers);
  const measured = await compareWithX264(recording, run, shown, folder);
  const { frames, oursKbps } = measured;
  await rm(recording);
  return {
    ...measured,
    x264SameTools: await encodeWithX264(shown, frames, oursKbps, folder, SAME_TOOLS),
  };
}

/** The arguments with which ffmpeg reads successive known frames. */
function partOf(known: string, numbers: readonly number[]): string[] {
  const { widthPx, heightPx } = KNOWN_SIZE;
  const skipped = Number(numbers[0]) * widthPx * heightPx * 1.5;
  const format = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${widthPx}x${heightPx}`];
  const part = ['-skip_initial_bytes', String(skipped), '-t', String(numbers.length / KNOWN_RATE)];
  return [...part, ...format, '-framerate', String(KNOWN_RATE), '-i', known];
}

async function measureTiming(
  compositor: Compositor,
  page: BenchPage,
  size: Size,
  seconds: number,
): Promise<Timing> {
  const url = new URL('composedClock.html', page.url).href;
  const recording = await record(compositor, url, size, seconds);
  const analysis = await analyzeRecording(recording);
  await rm(recording);
  const halfS = seconds / 2;
  const meanOf = (isIn: (atS: number) => boolean) => {
    const offsets = analysis.avOffsets.filter(({ atS }) => isIn(atS)).map(({ offsetMs }) => offsetMs);
    return offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length;
  };
  const driftMs = meanOf((atS) => atS >= halfS) - meanOf((atS) => atS < halfS);
  return { ...analysis, driftMs: Number.isNaN(driftMs) ? null : driftMs };
}

/** Records a page that hands over its videos. Resolves to the file. */
async function record(compositor: Compositor, url: string, size: Size, seconds: number): Promise<string> {
  const result: RecordingResult = await compositor.record({
    call: { id: 'composed-fidelity' },
    recording: {
      quality: size,
      layout: { external_app_url: url },
      encoding: { video_bitrate_kbps: BITRATE_KBPS },
    },
    limits: { max_duration_s: seconds },
  });
  if (result.status !== 'completed') throw new Error(`a recording failed: ${result.error?.message}`);
  const drawnS = result.duration_s - result.decoded_s;
  if (drawnS > DRAWN_AT_MOST_S)
    throw new Error(`for ${drawnS} s of the ${result.duration_s} s, videos were drawn: ${compositor.log()}`);
  return String(result.file);
}

function timingText({
  covered,
  judderP95Ms,
  avOffsetMs,
  avSpreadMs,
  avSpreadByClockMs,
  driftMs,
}: Timing): string {
  return JSON.stringify({ covered, judderP95Ms, avOffsetMs, avSpreadMs, avSpreadByClockMs, driftMs });
}

function documentOf(
  quality: readonly Quality[],
  timing: Readonly<Record<Size, readonly Timing[]>>,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): string {
  const cells = (digits: number, of: (one: Timing) => number | null) =>
    SIZES.map((size) => textOf(summarize(timing[size].map(of)), digits)).join(' | ');
  const of = (digits: number, read: (one: Quality) => number) => textOf(summarize(quality.map(read)), digits);
  return `# How good recordings of decoded videos are

Pages that hand over [their videos](../capture.md#videos-as-they-were-decoded) are recorded in turns, ${rounds} times each. Medians, and in
brackets the least and the most. From \`npm run bench:fidelity\`, on ${machineText(thisMachine())}.

**Known frames at ${BITRATE_KBPS / 1000} Mbit/s, 720p.** A video that fills the page plays known frames, which reach the composer in I420 as they are. ffmpeg
compares ${Math.min(...quality.map(({ frames }) => frames))} successive recorded frames with the known ones, and x264 \`superfast\` encodes the same known frames in one pass, at the bitrate
that the recording reached. The first second is left out. Chromium's encoder for H.264 has no CABAC, no B-frames and no weighted prediction;
the last line shows what they are worth.

|  | SSIM | kbit/s |
| --- | --- | --- |
| call-compositor | ${of(4, ({ ours }) => ours)} | ${of(0, ({ oursKbps }) => oursKbps)} |
| x264 superfast | ${of(4, ({ x264Superfast }) => x264Superfast)} | ${of(0, ({ x264Kbps }) => x264Kbps)} |
| x264 superfast without CABAC, B-frames and weighted prediction | ${of(4, ({ x264SameTools }) => x264SameTools.ssim)} | ${of(0, ({ x264SameTools }) => x264SameTools.kbps)} |

**Pictures and sound.** Recordings of ${seconds} s of a page with a clock, a flash each second and four clips, all of them videos of 30 frames a
second that are handed over, and with a beep for each flash.

- **covered**: how many different pictures of the clock the recording has each second, divided by the frame rate.
- **judder p95**: 95 % of the pictures are shown at most this much earlier or later than usual.
- **A/V offset**: how much later the beep comes than its flash. **A/V spread**: the distance between the offsets at 5 % and 95 %.
- **by the clock**: the same spread, measured from the moment for which the page planned the flash.
- **drift**: the mean offset in the second half of a recording, less that in the first half.

|  | ${SIZES.join(' | ')} |
| --- | --- | --- |
| covered | ${cells(3, ({ covered }) => covered)} |
| judder p95 (ms) | ${cells(0, ({ judderP95Ms }) => judderP95Ms)} |
| A/V offset (ms) | ${cells(0, ({ avOffsetMs }) => avOffsetMs)} |
| A/V spread (ms) | ${cells(0, ({ avSpreadMs }) => avSpreadMs)} |
| by the clock (ms) | ${cells(0, ({ avSpreadByClockMs }) => avSpreadByClockMs)} |
| drift (ms) | ${cells(1, ({ driftMs }) => driftMs)} |
`;
}
