/**
 * A frame may come this much before its slot, in slots. Less than half, so that of a source at twice the rate
 * the frame on the slot is taken and not the one between two.
 */
const EARLY_SLOTS = 0.4;
/** A frame may come this much after its slot before it is put into the nearest one instead. */
const LATE_SLOTS = 0.75;

export interface FrameTimeline {
  /**
   * Where a frame with this timestamp belongs: after so many repeats of the picture before it, or nowhere
   * (null) when its slot is taken, or lies beyond the end.
   */
  place(timestampUs: number): { readonly repeats: number; readonly slot: number } | null;
  /** Lets nothing in that shows after this instant; returns how long that makes the timeline, in slots. */
  endAt(instantUs: number): number;
  /** How many repeats bring the timeline up to this instant; they count as placed. */
  fillTo(instantUs: number): number;
  /** Slots placed so far. */
  slots(): number;
  isFull(): boolean;
}

/**
 * A constant frame rate timeline: slot n shows at n / framesPerSecond. A frame goes to the slot after the last
 * one as long as it is not far off it, so that a steady source with jitter, or with slowly drifting phase,
 * neither repeats nor drops a picture; a frame too early for it is surplus. Times are microseconds of the frames' own clock.
 */
export function createFrameTimeline(given: {
  startUs: number;
  framesPerSecond: number;
  maxSlots: number;
}): FrameTimeline {
  const slotUs = 1e6 / given.framesPerSecond;
  let maxSlots = given.maxSlots;
  let slots = 0;
  const positionOf = (timestampUs: number) => (timestampUs - given.startUs) / slotUs;
  return {
    place: (timestampUs) => {
      const position = positionOf(timestampUs);
      const slot = position <= slots + LATE_SLOTS ? slots : Math.round(position);
      if (position < slots - EARLY_SLOTS || slot >= maxSlots) return null;
      const repeats = slot - slots;
      slots = slot + 1;
      return { repeats, slot };
    },
    endAt: (instantUs) => {
      maxSlots = Math.min(maxSlots, Math.max(slots, 1, Math.round(positionOf(instantUs))));
      return maxSlots;
    },
    fillTo: (instantUs) => {
      const wanted = Math.min(maxSlots, Math.round(positionOf(instantUs)));
      const repeats = Math.max(0, wanted - slots);
      slots += repeats;
      return repeats;
    },
    slots: () => slots,
    isFull: () => slots >= maxSlots,
  };
}

/**
 * The start of a slot grid that fits a steady source best: the first frame's time, moved by the median of how
 * far recent frames were off a grid through it.
 */
export function lockPhase(firstUs: number, recentUs: readonly number[], framesPerSecond: number): number {
  const slotUs = 1e6 / framesPerSecond;
  const offsets = recentUs.map((time) => (time - firstUs) / slotUs).map((slots) => slots - Math.round(slots));
  const median = offsets.sort((a, b) => a - b)[Math.floor(offsets.length / 2)] ?? 0;
  return firstUs + median * slotUs;
}
