/** How much of a value a message shows, in characters. */
const LONGEST_QUOTE = 80;

/** A plain value as a message shows it: as JSON, at most 80 characters of it. */
export function quoted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(shortened(value, LONGEST_QUOTE));
  return shortened(JSON.stringify(value) ?? String(typeof value), LONGEST_QUOTE);
}

/** The text, cut after so many characters; three dots stand for the rest. */
export function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}...` : text;
}
