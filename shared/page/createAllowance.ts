/** Lets things happen now and then: so many at once, and so many a second after that. */
export interface Allowance {
  /** Whether one more, or so many, may happen now; if so, they count. */
  take(count?: number): boolean;
}

export function createAllowance(atOnce: number, perS: number, nowMs: () => number): Allowance {
  let left = atOnce;
  let lookedAtMs = nowMs();
  return {
    take: (count = 1) => {
      const now = nowMs();
      left = Math.min(atOnce, left + ((now - lookedAtMs) / 1000) * perS);
      lookedAtMs = now;
      if (left < count) return false;
      left -= count;
      return true;
    },
  };
}
