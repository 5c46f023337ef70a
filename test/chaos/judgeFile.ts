import { flashesOf, pairUp, readBeeps, readClockFrames } from '../bench/clockFrames.ts';
import { median } from '../bench/statistics.ts';
import { inspectRecording } from '../support/inspectRecording.ts';

/** What the finished file of a recording of the witness page says about itself. Times are in seconds. */
export interface FileVerdict {
  readonly durationS: number;
  readonly frames: number;
  /** Complaints of demuxer and decoders. */
  readonly errors: readonly string[];
  /** Stretches of the page's clock that the pictures do not show: from and until, by that clock. */
  readonly gaps: readonly { readonly fromS: number; readonly untilS: number }[];
  /** The sum of the gaps. */
  readonly missingS: number;
  /** How far the place of a picture in the file is from its true time, at most, outside gaps. */
  readonly displacedS: number;
  /** The largest distance between a flash and its beep. */
  readonly outOfStepS: number;
  /** How many flashes have a beep. */
  readonly pairs: number;
  /** The page's clock in the first and the last picture. */
  readonly fromS: number;
  readonly untilS: number;
}

/** A shorter stretch without a new picture is a dropped frame and not a gap. */
const GAP_MS = 400;
/** A beep further from its flash than this is another second's. */
const STEP_MS = 400;

/** A picture: when the file shows it, and what the page's clock said when it was drawn. */
interface ShownPicture {
  readonly shownMs: number;
  readonly clockMs: number;
}

/**
 * Leaves out pictures that were drawn just before everything stood still, and that are shown when it goes on, until the next
 * one: they belong to the gap. `pictures` differ from one to the next.
 */
export function withoutHeldBack(pictures: readonly ShownPicture[]): ShownPicture[] {
  return pictures.filter(({ shownMs, clockMs }, index) => {
    const [before, after] = [pictures[index - 1], pictures[index + 1]];
    if (!before || !after) return true;
    const isShownLate = shownMs - before.shownMs > GAP_MS && clockMs - before.clockMs <= GAP_MS;
    const isFollowedAtOnce = after.clockMs - clockMs > GAP_MS && after.shownMs - shownMs <= GAP_MS;
    return !(isShownLate && isFollowedAtOnce);
  });
}

/** Reads a whole recording of the witness page. */
export async function judgeFile(path: string): Promise<FileVerdict> {
  const recording = await inspectRecording(path);
  const { errors, videoFrameCount } = await recording.decodeAll();
  const read = await readClockFrames(path);
  const frames = read.filter(({ clockMs }) => clockMs !== null) as { shownMs: number; clockMs: number }[];
  // A picture that is shown again has its place where it is shown first.
  const news = frames.filter(({ clockMs }, index) => clockMs !== frames[index - 1]?.clockMs);
  const shifts = withoutHeldBack(news).map(({ shownMs, clockMs }) => shownMs - clockMs);
  const usual = median(shifts) ?? 0;
  const gaps = frames.flatMap(({ clockMs }, index) => {
    const before = frames[index - 1];
    const isGap = before !== undefined && clockMs - before.clockMs > GAP_MS;
    return isGap ? [{ fromS: before.clockMs / 1000, untilS: clockMs / 1000 }] : [];
  });
  const offsets = pairUp(flashesOf(read), await readBeeps(path))
    .map(({ offsetMs }) => Math.abs(offsetMs))
    .filter((offsetMs) => offsetMs < STEP_MS);
  return {
    durationS: Number(recording.durationS),
    frames: videoFrameCount,
    errors,
    gaps,
    missingS: gaps.reduce((sum, { fromS, untilS }) => sum + untilS - fromS, 0),
    displacedS: Math.max(0, ...shifts.map((shift) => Math.abs(shift - usual))) / 1000,
    outOfStepS: Math.max(0, ...offsets) / 1000,
    pairs: offsets.length,
    fromS: (frames[0]?.clockMs ?? 0) / 1000,
    untilS: (frames.at(-1)?.clockMs ?? 0) / 1000,
  };
}
