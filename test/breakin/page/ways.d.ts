/** Name, and what a page runs. */
export const WAYS: readonly (readonly [string, (given: unknown) => unknown])[];
/** Name, and the host as it is spelled. */
export const SPELLINGS: readonly (readonly [string, string])[];
