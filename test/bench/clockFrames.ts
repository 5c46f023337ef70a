import { frameTimes } from '../support/inspect/frameTimes.ts';
import { streamTool } from './streamTool.ts';

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

/** A picture of a page that shows its clock. */
export interface Frame {
  readonly shownMs: number;
  /** The page's clock in the frame, or null if its bar code cannot be read. */
  readonly clockMs: number | null;
  readonly isFlash: boolean;
}

const CLOCK_BITS = 32;
/** If a flash is later than this after its second, its own frame was lost. */
const MOST_FLASH_LATE_MS = 300;
const SOUND_HZ = 48_000;
/** The loudness of the beep is measured in steps of half a millisecond. */
const STEP_SAMPLES = 24;
const BEEP_LEVEL = 4000;
/** After a beep, no other beep can begin within this time. */
const BEEP_APART_MS = 400;

/** Reads the page's clock and flashes from every picture of a recording. */
export async function readClockFrames(path: string): Promise<Frame[]> {
  const times = await frameTimes(path);
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
    const time = times[frames.length];
    if (time === undefined) break;
    const shownMs = time.atS * 1000;
    const clockMs = clock > 0 && clock < 2 ** 31 ? clock : null;
    frames.push({ shownMs, clockMs, isFlash: brightness / CLOCK_BITS > 127 });
  }
  return frames;
}

export interface Flash {
  readonly shownMs: number;
  /** How long after its second it was drawn, by the page's clock. */
  readonly lateMs: number;
}

/** The first picture of each flash. */
export function flashesOf(frames: readonly Frame[]): Flash[] {
  const first = frames.filter(({ isFlash }, index) => isFlash && frames[index - 1]?.isFlash === false);
  return first.flatMap(({ shownMs, clockMs }) => {
    const lateMs = (clockMs ?? Number.NaN) % 1000;
    return lateMs < MOST_FLASH_LATE_MS ? [{ shownMs, lateMs }] : [];
  });
}

/** When each beep begins, in milliseconds. */
export async function readBeeps(path: string): Promise<number[]> {
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

/** Each flash with the beep that is nearest to it. */
export function pairUp(flashes: readonly Flash[], beepsMs: readonly number[]): AvOffset[] {
  return flashes.flatMap(({ shownMs, lateMs }) => {
    const offsetMs = beepsMs.reduce(
      (nearest, beepMs) => (Math.abs(beepMs - shownMs) < Math.abs(nearest) ? beepMs - shownMs : nearest),
      Number.POSITIVE_INFINITY,
    );
    const isPair = Math.abs(offsetMs) < BEEP_APART_MS;
    return isPair ? [{ atS: shownMs / 1000, offsetMs, byClockMs: offsetMs + lateMs }] : [];
  });
}
