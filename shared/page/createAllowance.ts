/** Lets things happen now and then: so many at once, and so many a second after that. */
export interface Allowance {
  /** Whether one more may happen now; if so, it counts. */
  take(): boolean;
}

export function createAllowance(atOnce: number, perS: number, nowMs: () => number): Allowance {
  let left = atOnce;
  let lookedAtMs = nowMs();
  return {
    take: () => {
      const now = nowMs();
      left = Math.min(atOnce, left + ((now - lookedAtMs) / 1000) * perS);
      lookedAtMs = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
