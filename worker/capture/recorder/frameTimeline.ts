/**
 * A frame may come this much before its slot, in slots. It is less than half, so that at twice the frame rate
 * the frame on the slot is taken and not the one between two slots.
 */
const EARLY_SLOTS = 0.4;
/** If a frame comes later than this after its slot, in slots, it goes to the nearest slot instead. */
const LATE_SLOTS = 0.75;

export interface FrameTimeline {
  /**
   * Where a frame with this timestamp belongs: after this many repeats of the picture before it. It is null
   * if the slot is taken or lies beyond the end.
   */
  place(timestampUs: number): { readonly repeats: number; readonly slot: number } | null;
  /**
   * Refuses frames that would show after this instant. Returns the length that the timeline then has, in
   * slots.
   */
  endAt(instantUs: number): number;
  /** How many repeats fill the timeline up to this instant. They count as placed. */
  fillTo(instantUs: number): number;
  /** Slots placed so far, with those before the first one. */
  slots(): number;
  isFull(): boolean;
}

/**
 * A timeline with a constant frame rate: slot n shows at n / framesPerSecond. A frame goes to the slot after
 * the last one unless it is far from it. So a steady source that jitters, or whose phase drifts slowly,
 * neither repeats nor drops a picture. A frame that is too early for its slot is left out. Times are
 * microseconds of the frames' own clock.
 */
export function createFrameTimeline(given: {
  startUs: number;
  framesPerSecond: number;
  maxSlots: number;
  /** The slot of the first frame. The slots before it are not this timeline's to fill. */
  firstSlot: number;
}): FrameTimeline {
  const slotUs = 1e6 / given.framesPerSecond;
  let maxSlots = given.maxSlots;
  let slots = Math.min(given.firstSlot, given.maxSlots);
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
 * The start of the slot grid that fits a steady source best. It is the time of the first frame, moved by the
 * median distance of recent frames from a grid that starts there.
 */
export function lockPhase(firstUs: number, recentUs: readonly number[], framesPerSecond: number): number {
  const slotUs = 1e6 / framesPerSecond;
  const offsets = recentUs.map((time) => (time - firstUs) / slotUs).map((slots) => slots - Math.round(slots));
  const median = offsets.sort((a, b) => a - b)[Math.floor(offsets.length / 2)] ?? 0;
  return firstUs + median * slotUs;
}

/**
 * Where a source goes on with a recording that began at `startUs`: the slot nearest to its first frame, and the
 * start of the grid on which that slot shows at the frame's time. This start is at most half a slot from the
 * recording's own, so that the frames of the new source do not fall between two slots. The slot is at least
 * `minSlot`.
 */
export function continueGrid(given: {
  startUs: number;
  framesPerSecond: number;
  firstUs: number;
  minSlot: number;
}): { readonly startUs: number; readonly firstSlot: number } {
  const slotUs = 1e6 / given.framesPerSecond;
  const nearest = Math.round((given.firstUs - given.startUs) / slotUs);
  return { startUs: given.firstUs - nearest * slotUs, firstSlot: Math.max(nearest, given.minSlot) };
}
