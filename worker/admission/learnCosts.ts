import type { Cost } from '../job/takenJob.ts';

/** So many measurements of a kind are kept, the newest; and so many recordings must have been measured before they count. */
const MOST_KEPT = 50;
const FEWEST = 3;
/** The next recording of a kind is expected to cost what three of four cost at most. */
const QUANTILE = 0.75;
/** A kind of recordings that seem far cheaper or dearer than the table says is believed only so far. */
const LEAST_SHARE = 0.5;
const MOST_SHARE = 2;

/** What recordings of each kind were seen to cost on this machine. */
export interface LearnedCosts {
  /** What a recording of this kind is expected to cost; what the table says until enough of them were measured. */
  expected(kind: string, table: Cost): Cost;
  /** Notes what a recording cost, averaged over its last minute. */
  note(kind: string, recordingId: string, seen: Cost): void;
}

export function createLearnedCosts(): LearnedCosts {
  /** By kind, and for each recording the last measurement. */
  const seen = new Map<string, Map<string, Cost>>();

  return {
    expected: (kind, table) => {
      const known = [...(seen.get(kind)?.values() ?? [])];
      if (known.length < FEWEST) return table;
      const of = (read: (cost: Cost) => number) =>
        Math.min(
          MOST_SHARE * read(table),
          Math.max(LEAST_SHARE * read(table), quantile(known.map(read), QUANTILE)),
        );
      return { cores: of(({ cores }) => cores), memoryMiB: of(({ memoryMiB }) => memoryMiB) };
    },
    note: (kind, recordingId, cost) => {
      const known = seen.get(kind) ?? new Map<string, Cost>();
      known.delete(recordingId);
      known.set(recordingId, cost);
      const [oldest] = known.keys();
      if (known.size > MOST_KEPT && oldest !== undefined) known.delete(oldest);
      seen.set(kind, known);
    },
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
