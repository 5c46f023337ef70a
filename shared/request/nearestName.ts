import { closest, distance } from 'fastest-levenshtein';

/** The known name that a misspelled one most likely meant, or null where none is close. */
export function nearestName(misspelled: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const best = closest(misspelled, [...known]);
  return distance(misspelled, best) <= Math.max(2, Math.ceil(misspelled.length / 3)) ? best : null;
}

/** `unknown layout "gird": did you mean "grid"?`, or the whole list where nothing is close. */
export function unknownName(what: string, given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  const hint = nearest ? `did you mean "${nearest}"?` : `known are ${known.join(', ')}`;
  return `unknown ${what} "${given}": ${hint}`;
}
