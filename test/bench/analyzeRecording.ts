import { runTool } from '../support/inspect/runTool.ts';
import { type AvOffset, type Frame, flashesOf, pairUp, readBeeps, readClockFrames } from './clockFrames.ts';
import { median, quantile } from './statistics.ts';

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
  readonly kbps: number;
}

/** If the clock jumps by more than this between two frames, it was misread, or the page was not there yet. */
const MISREAD_MS = 5000;

/** Reads the page's clock, flashes and beeps from a recording of any length. Throws if it has no video. */
export async function analyzeRecording(path: string, framesPerSecond = 30): Promise<Analysis> {
  const { stdout } = await runTool('ffprobe', ['-v', 'error', '-show_format', '-of', 'json', path]);
  const { bit_rate } = (JSON.parse(stdout.toString()) as { format: { bit_rate: string } }).format;
  const frames = await readClockFrames(path);
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
    kbps: Math.round(Number(bit_rate) / 1000),
  };
}

/** The distance between the 5th and 95th percentile of the values. */
function spreadOf(values: readonly number[]): number | null {
  const [low, high] = [quantile(values, 0.05), quantile(values, 0.95)];
  return low === null || high === null ? null : high - low;
}

function isReadable(frame: Frame, index: number, frames: readonly Frame[]): boolean {
  const before = frames[index - 1];
  if (frame.clockMs === null) return false;
  if (!before || before.clockMs === null) return true;
  return Math.abs(frame.clockMs - before.clockMs - (frame.shownMs - before.shownMs)) < MISREAD_MS;
}
