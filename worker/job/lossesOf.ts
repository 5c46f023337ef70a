import type { JobFields } from '../lease/leaseStore.ts';

/** A job that is lost more often than this within ten minutes, or in all, ends its workers itself. */
const MOST_IN_TEN_MINUTES = 5;
const MOST_IN_ALL = 20;
const TEN_MINUTES_MS = 600_000;

/** When workers were lost with a job, the oldest first, in ms of Unix time; at most the last 20. */
export function lossesOf({ lostAt }: JobFields): number[] {
  return lostAt ? (JSON.parse(lostAt) as number[]) : [];
}

export function withLoss(fields: JobFields, nowUnixMs: number): number[] {
  return [...lossesOf(fields), nowUnixMs].slice(-MOST_IN_ALL);
}

/** Says why a job is not tried again because too many workers were lost with it; null where it may be. */
export function lostTooOften(losses: readonly number[], inAll: number, nowUnixMs: number): string | null {
  const recent = losses.filter((at) => nowUnixMs - at < TEN_MINUTES_MS).length;
  if (recent > MOST_IN_TEN_MINUTES) return `${recent} of them within ten minutes`;
  return inAll > MOST_IN_ALL ? `${inAll} in all` : null;
}
