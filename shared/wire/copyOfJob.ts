/**
 * How large a job may be. An ordinary one has a hundred values in 5 kB, eight deep; the rest is room for long lists
 * of custom actions. Whatever is larger is refused before anything in it is read.
 */
export const JOB_BOUNDS = {
  /** Characters of all texts and all keys together. */
  characters: 1_048_576,
  /** Texts, numbers, objects, lists and so on, together. */
  values: 10_000,
  /** Objects and lists inside each other. */
  depth: 32,
} as const;

type Holder = Record<string, unknown>;

/**
 * A copy of a job as plain objects and lists, which the sender cannot change any more, or the reason why it cannot be
 * read. It works without recursion, so that no nesting is too deep for it, and stops at the first bound that is broken.
 */
export function copyOfJob(job: unknown): { readonly copy: unknown } | { readonly problem: string } {
  const root: Holder = {};
  const tally = { characters: 0, values: 0 };
  const open = [{ from: { job } as Holder, into: root, depth: 0 }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { from, into, depth } = at;
    if (depth > JOB_BOUNDS.depth) return { problem: `is nested more than ${JOB_BOUNDS.depth} levels deep` };
    if (Array.isArray(from) && from.length > JOB_BOUNDS.values) return tooMany();
    for (const key of Object.keys(from)) {
      if (key === '__proto__') return { problem: 'unknown key: "__proto__"' };
      const value = from[key];
      tally.values += 1;
      tally.characters += key.length + (typeof value === 'string' ? value.length : 0);
      if (tally.values > JOB_BOUNDS.values) return tooMany();
      if (tally.characters > JOB_BOUNDS.characters)
        return { problem: `is larger than ${JOB_BOUNDS.characters} characters` };
      if (typeof value !== 'object' || value === null) into[key] = value;
      else {
        const copy = (Array.isArray(value) ? [] : {}) as Holder;
        into[key] = copy;
        open.push({ from: value as Holder, into: copy, depth: depth + 1 });
      }
    }
  }
  return { copy: root.job };
}

function tooMany() {
  return { problem: `has more than ${JOB_BOUNDS.values} values` };
}
