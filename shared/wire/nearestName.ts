import { closest, distance } from 'fastest-levenshtein';
import { quoted } from './quoted.ts';

/** No known name is nearly as long; comparing a longer one would only take time. In characters. */
const LONGEST_COMPARED = 100;

/** The known name that a misspelled one most likely meant, or null where none is close. */
export function nearestName(misspelled: string, known: readonly string[]): string | null {
  if (known.length === 0 || misspelled.length > LONGEST_COMPARED) return null;
  const best = closest(misspelled, [...known]);
  return distance(misspelled, best) <= Math.max(2, Math.ceil(misspelled.length / 3)) ? best : null;
}

/** `unknown layout "gird": did you mean "grid"?`, or the whole list where nothing is close. */
export function unknownName(what: string, given: unknown, known: readonly string[]): string {
  const name = typeof given === 'number' ? String(given) : given;
  return `unknown ${what} ${quoted(name)}: ${hintAt(name, known)}`;
}

/** What to write instead of an unknown name: the nearest known one, or the list. */
export function hintAt(given: unknown, known: readonly string[]): string {
  const nearest = typeof given === 'string' ? nearestName(given, known) : null;
  return nearest ? `did you mean "${nearest}"?` : `known are ${known.join(', ')}`;
}

/** The error setting of a schema that takes one of some known names. */
export function oneOf(what: string, known: readonly (string | number)[]) {
  return { error: (issue: { input?: unknown }) => unknownName(what, issue.input, known.map(String)) };
}

/** The error setting of a union of schemas that are told apart by their `kind`. */
export function oneOfKinds(what: string, kinds: readonly string[]) {
  return {
    error: ({ input }: { input?: unknown }) => {
      const given =
        typeof input === 'object' && input !== null ? (input as { kind?: unknown }).kind : undefined;
      return given === undefined
        ? `kind is missing: one of ${kinds.join(', ')}`
        : unknownName(what, given, kinds);
    },
  };
}
