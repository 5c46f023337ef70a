/** The value below which this share of the values lies; null if there are none. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
}

export const mean = (values: readonly number[]) =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

export const median = (values: readonly number[]) => quantile(values, 0.5);

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

/** The median, with the least and the most in brackets. */
export function textOf(summary: Summary | null, digits: number): string {
  if (summary === null) return '-';
  const { median, min, max } = summary;
  return `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}

export function summarize(values: readonly (number | null | undefined)[]): Summary | null {
  const known = values.filter((value): value is number => typeof value === 'number');
  const middle = median(known);
  if (middle === null) return null;
  return { median: middle, min: Math.min(...known), max: Math.max(...known), count: known.length };
}
