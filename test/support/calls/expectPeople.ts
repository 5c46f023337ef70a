import { expect } from 'vitest';
import type { Recording } from '../inspectRecording.ts';

/** A person is seen if at least this share of the picture has their colour. */
const SEEN = 0.004;
/** A busy machine tears holes into a tone, which spread it; who is silent is far below. */
const HEARD_DB = -55;
const MOMENTS_S = [0, 0.4, 0.8, 1.2];
/** Of nine people, no tone is a multiple of another, and all are far enough apart to be told from each other. */
const LOWEST_TONE_HZ = 220;
const TONE_STEP_HZ = 130;
const HUE_STEP_DEG = 40;

/** By what the person of this number, from 0 to 8, is recognised in a recording. */
export function marksOf(index: number) {
  return { hueDeg: index * HUE_STEP_DEG, toneHz: LOWEST_TONE_HZ + index * TONE_STEP_HZ };
}

/**
 * Expects so many people to be seen at a second of the recording, counted from its end if it is negative. An app that
 * changes its places, or a busy machine, may leave one out for a moment, so moments shortly before count as well.
 */
export async function expectSeen(recording: Recording, atS: number, count: number): Promise<void> {
  const huesDeg = Array.from({ length: 9 }, (_, index) => marksOf(index).hueDeg);
  const second = atS < 0 ? Number(recording.video?.durationS) + atS : atS;
  const moments = count === 0 ? [second] : MOMENTS_S.map((before) => Math.max(0, second - before));
  const counts = await Promise.all(
    moments.map(async (moment) => {
      const shares = await recording.sharesOfHues({ atS: moment, huesDeg });
      return shares.filter((share) => share > SEEN).length;
    }),
  );
  expect(Math.max(...counts), `people seen until ${second} s`).toBe(count);
}

/**
 * Expects the first person to be heard during one of the seconds from `fromS` on; on a busy machine, sound of many
 * people takes some seconds until it comes without holes.
 */
export async function expectHeard(recording: Recording, fromS: number): Promise<void> {
  const seconds = Math.floor(Number(recording.durationS) - fromS);
  const levels = await Promise.all(
    Array.from({ length: seconds }, (_, index) => fromS + index).map((second) =>
      recording.toneLevelDb({ fromS: second, toS: second + 1, hz: marksOf(0).toneHz }),
    ),
  );
  expect(Math.max(...levels), `level of the first person in dB, of ${levels}`).toBeGreaterThan(HEARD_DB);
}
