import { runTool } from '../support/inspect/runTool.ts';
import { median, quantile } from './statistics.ts';
import { streamTool } from './streamTool.ts';

/** What a recording of page/index.html shows about how it was made. Times are in milliseconds. */
export interface Analysis {
  readonly durationS: number;
  /** Different pictures per second, divided by the rate that was asked for. */
  readonly covered: number;
  /** How far the page's clock in a frame differs from the time the frame is shown at, around the median. */
  readonly judderP95Ms: number | null;
  /** Time from flash to beep: the median, and the distance between the 5th and 95th percentile. */
  readonly avOffsetMs: number | null;
  readonly avSpreadMs: number | null;
  /** The same spread by the page's own clock, see AvOffset. */
  readonly avSpreadByClockMs: number | null;
  readonly avOffsets: readonly AvOffset[];
  /** When each beep begins, whether it has a flash or not. */
  readonly beepsMs: readonly number[];
  /** For each frame with a clock: when it is shown, and how far that is after the page's clock. */
  readonly lags: readonly { readonly atS: number; readonly lagMs: number }[];
  readonly kbps: number;
}

export interface AvOffset {
  readonly atS: number;
  /** Time from flash to beep, as a viewer sees and hears it. */
  readonly offsetMs: number;
  /**
   * Time to the beep from the instant that the flash was meant for. A flash is drawn with the next frame, so
   * it is up to one frame late, and this delay changes as the display's clock moves against the page's. The
   * clock in that frame tells how late it was.
   */
  readonly byClockMs: number;
}

interface Frame {
  readonly shownMs: number;
  /** The page's clock in the frame, or null if its bar code cannot be read. */
  readonly clockMs: number | null;
  readonly isFlash: boolean;
}

const CLOCK_BITS = 32;
/** If the clock jumps by more than this between two frames, it was misread, or the page was not there yet. */
const MISREAD_MS = 5000;
/** If a flash is later than this after its second, its own frame was lost. */
const MOST_FLASH_LATE_MS = 300;
const SOUND_HZ = 48_000;
/** The loudness of the beep is measured in steps of half a millisecond. */
const STEP_SAMPLES = 24;
const BEEP_LEVEL = 4000;
/** After a beep, no other beep can begin within this time. */
const BEEP_APART_MS = 400;

/** Reads the page's clock, flashes and beeps from a recording of any length. Throws if it has no video. */
export async function analyzeRecording(path: string, framesPerSecond = 30): Promise<Analysis> {
  const { stdout } = await runTool('ffprobe', ['-v', 'error', '-show_format', '-of', 'json', path]);
  const { bit_rate } = (JSON.parse(stdout.toString()) as { format: { bit_rate: string } }).format;
  const frames = await readFrames(path);
  const beepsMs = await readBeeps(path).catch(() => []);
  const avOffsets = pairUp(flashesOf(frames), beepsMs);
  const read = frames.filter(isReadable);
  const clocks = read.map(({ clockMs }) => clockMs as number);
  const spanS = ((clocks.at(-1) ?? 0) - (clocks[0] ?? 0)) / 1000;
  const lags = read.map(({ shownMs, clockMs }) => shownMs - (clockMs as number));
  const usualLag = median(lags) ?? 0;
  const offsets = avOffsets.map(({ offsetMs }) => offsetMs);
  return {
    durationS: spanS,
    covered: spanS > 0 ? Math.min(1, new Set(clocks).size / spanS / framesPerSecond) : 0,
    judderP95Ms: quantile(
      lags.map((lag) => Math.abs(lag - usualLag)),
      0.95,
    ),
    avOffsetMs: median(offsets),
    avSpreadMs: spreadOf(offsets),
    avSpreadByClockMs: spreadOf(avOffsets.map(({ byClockMs }) => byClockMs)),
    avOffsets,
    beepsMs,
    lags: read.map(({ shownMs }, index) => ({ atS: shownMs / 1000, lagMs: lags[index] as number })),
    kbps: Math.round(Number(bit_rate) / 1000),
  };
}

/** The distance between the 5th and 95th percentile of the values. */
function spreadOf(values: readonly number[]): number | null {
  const [low, high] = [quantile(values, 0.05), quantile(values, 0.95)];
  return low === null || high === null ? null : high - low;
}

async function readFrames(path: string): Promise<Frame[]> {
  const times = await frameTimesMs(path);
  const look = 'crop=512:64:0:0,scale=32:2:flags=area,format=gray';
  const args = ['-i', path, '-map', '0:v:0', '-fps_mode', 'passthrough', '-vf', look, '-f', 'rawvideo', '-'];
  const frames: Frame[] = [];
  for await (const bars of streamTool(args, CLOCK_BITS * 2)) {
    let clock = 0;
    let brightness = 0;
    for (let bit = 0; bit < CLOCK_BITS; bit++) {
      if ((bars[bit] as number) > 127) clock += 2 ** bit;
      brightness += bars[CLOCK_BITS + bit] as number;
    }
    const shownMs = times[frames.length];
    if (shownMs === undefined) break;
    const clockMs = clock > 0 && clock < 2 ** 31 ? clock : null;
    frames.push({ shownMs, clockMs, isFlash: brightness / CLOCK_BITS > 127 });
  }
  return frames;
}

async function frameTimesMs(path: string): Promise<number[]> {
  const args = [
    '-v',
    'error',
    '-select_streams',
    'v:0',
    '-show_entries',
    'packet=pts_time',
    '-of',
    'csv=p=0',
  ];
  const { stdout } = await runTool('ffprobe', [...args, path]);
  const lines = stdout.toString().trim().split('\n');
  return lines.map((line) => Number.parseFloat(line) * 1000).sort((a, b) => a - b);
}

function isReadable(frame: Frame, index: number, frames: readonly Frame[]): boolean {
  const before = frames[index - 1];
  if (frame.clockMs === null) return false;
  if (!before || before.clockMs === null) return true;
  return Math.abs(frame.clockMs - before.clockMs - (frame.shownMs - before.shownMs)) < MISREAD_MS;
}

interface Flash {
  readonly shownMs: number;
  /** How long after its second it was drawn, by the page's clock. */
  readonly lateMs: number;
}

function flashesOf(frames: readonly Frame[]): Flash[] {
  const first = frames.filter(({ isFlash }, index) => isFlash && frames[index - 1]?.isFlash === false);
  return first.flatMap(({ shownMs, clockMs }) => {
    const lateMs = (clockMs ?? Number.NaN) % 1000;
    return lateMs < MOST_FLASH_LATE_MS ? [{ shownMs, lateMs }] : [];
  });
}

async function readBeeps(path: string): Promise<number[]> {
  const filter = 'aresample=async=1:first_pts=0,bandpass=f=1000:width_type=h:w=400';
  const format = ['-ac', '1', '-ar', String(SOUND_HZ), '-f', 's16le', '-'];
  const beeps: number[] = [];
  let lastLoudMs = Number.NEGATIVE_INFINITY;
  let step = 0;
  for await (const samples of streamTool(
    ['-i', path, '-map', '0:a:0', '-af', filter, ...format],
    STEP_SAMPLES * 2,
  )) {
    let peak = 0;
    for (let at = 0; at < samples.length; at += 2) peak = Math.max(peak, Math.abs(samples.readInt16LE(at)));
    const atMs = (step++ * STEP_SAMPLES * 1000) / SOUND_HZ;
    if (peak <= BEEP_LEVEL) continue;
    if (atMs - lastLoudMs > BEEP_APART_MS) beeps.push(atMs);
    lastLoudMs = atMs;
  }
  return beeps;
}

function pairUp(flashes: readonly Flash[], beepsMs: readonly number[]): AvOffset[] {
  return flashes.flatMap(({ shownMs, lateMs }) => {
    const offsetMs = beepsMs.reduce(
      (nearest, beepMs) => (Math.abs(beepMs - shownMs) < Math.abs(nearest) ? beepMs - shownMs : nearest),
      Number.POSITIVE_INFINITY,
    );
    const isPair = Math.abs(offsetMs) < BEEP_APART_MS;
    return isPair ? [{ atS: shownMs / 1000, offsetMs, byClockMs: offsetMs + lateMs }] : [];
  });
}
