import type { Written } from './movie.ts';

export const NOTHING_WRITTEN: Written = { videoS: 0, audioS: 0, frames: 0 };

/** Whether a file holds any pictures or sound. */
export function holdsMedia({ videoS, audioS }: Written): boolean {
  return videoS > 0 || audioS > 0;
}
