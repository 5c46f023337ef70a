import { isBlank } from './isBlank.ts';

const CHECK_EVERY_US = 1_000_000;
/** If nobody has asked for this long, the page did not run, and no picture could come. */
const SUSPENDED_US = 2_000_000;

/** Watches frames as they come: how long no frame has come, and how long they have been one flat colour. */
export interface PictureWatch {
  note(frame: VideoFrame, nowUs: number): Promise<void>;
  /** In seconds; 0 if it is not the case. Time in which the page did not run does not count. */
  stats(nowUs: number): { blankForS: number; silentForS: number };
}

/**
 * Examines only one frame per second, because this is expensive. Times are microseconds of the frames' clock.
 */
export function watchPicture(startUs: number): PictureWatch {
  let lastFrameAtUs = startUs;
  let checkedAtUs = 0;
  let blankSinceUs: number | null = null;
  let askedAtUs = startUs;
  return {
    note: async (frame, nowUs) => {
      lastFrameAtUs = nowUs;
      if (nowUs - checkedAtUs < CHECK_EVERY_US) return;
      checkedAtUs = nowUs;
      blankSinceUs = (await isBlank(frame)) ? (blankSinceUs ?? nowUs) : null;
    },
    stats: (nowUs) => {
      if (nowUs - askedAtUs > SUSPENDED_US) lastFrameAtUs = Math.max(lastFrameAtUs, nowUs);
      askedAtUs = nowUs;
      return {
        blankForS: blankSinceUs === null ? 0 : (nowUs - blankSinceUs) / 1e6,
        silentForS: (nowUs - lastFrameAtUs) / 1e6,
      };
    },
  };
}
