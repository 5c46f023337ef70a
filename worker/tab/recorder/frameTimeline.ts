/** How far, in slots, a frame may be off its expected slot before it is put into the nearest one instead. */
const SLACK_SLOTS = 0.75;

export interface FrameTimeline {
  /**
   * Where a frame with this timestamp belongs: after so many repeats of the picture before it, or nowhere
   * (null) when its slot is taken, or lies beyond the end.
   */
  place(timestampUs: number): { readonly repeats: number; readonly slot: number } | null;
  /** How many repeats bring the timeline up to this instant; they count as placed. */
  fillTo(instantUs: number): number;
  /** Slots placed so far. */
  slots(): number;
  isFull(): boolean;
}

/**
 * A constant frame rate timeline: slot n shows at n / framesPerSecond. A frame goes to the slot after the last
 * one as long as that is less than 3/4 of a slot off, so that a steady source with jitter, or with slowly
 * drifting phase, neither repeats nor drops a picture. Times are microseconds of the frames' own clock.
 */
export function createFrameTimeline(given: {
  startUs: number;
  framesPerSecond: number;
  maxSlots: number;
}): FrameTimeline {
  const slotUs = 1e6 / given.framesPerSecond;
  let slots = 0;
  const positionOf = (timestampUs: number) => (timestampUs - given.startUs) / slotUs;
  return {
    place: (timestampUs) => {
      const position = positionOf(timestampUs);
      const slot = Math.abs(position - slots) <= SLACK_SLOTS ? slots : Math.round(position);
      if (slot < slots || slot >= given.maxSlots) return null;
      const repeats = slot - slots;
      slots = slot + 1;
      return { repeats, slot };
    },
    fillTo: (instantUs) => {
      const wanted = Math.min(given.maxSlots, Math.round(positionOf(instantUs)));
      const repeats = Math.max(0, wanted - slots);
      slots += repeats;
      return repeats;
    },
    slots: () => slots,
    isFull: () => slots >= given.maxSlots,
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
