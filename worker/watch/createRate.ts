const OVER_MS = 5_000;

/** Makes a function that is told how much there is in all, and says how much came a second in the last five. */
export function createRate(nowMs: () => number): (total: number) => number {
  const seen: { readonly atMs: number; readonly total: number }[] = [];
  return (total) => {
    const atMs = nowMs();
    seen.push({ atMs, total });
    while (seen.length > 1 && atMs - (seen[1]?.atMs ?? 0) >= OVER_MS) seen.shift();
    const [first] = seen;
    const overMs = Math.max(OVER_MS, atMs - (first?.atMs ?? atMs));
    return (total - (first?.total ?? total)) / (overMs / 1000);
  };
}
