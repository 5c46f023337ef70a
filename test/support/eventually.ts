import { setTimeout as wait } from 'node:timers/promises';

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/**
 * Calls `probe` until it returns something truthy, and resolves to that. A probe that throws has not
 * succeeded yet, so it may contain assertions. Throws after `withinMs` with the last error or answer.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 50 } = {},
): Promise<Truthy<T>> {
  const giveUpAtMs = performance.now() + withinMs;
  let lastSeen: { answer: T } | { error: unknown };
  do {
    lastSeen = await attempt(probe);
    if ('answer' in lastSeen && lastSeen.answer) return lastSeen.answer as Truthy<T>;
    await wait(everyMs);
  } while (performance.now() < giveUpAtMs);
  throw new Error(`Not within ${withinMs} ms: ${what} (last: ${describe(lastSeen)})`, {
    cause: 'error' in lastSeen ? lastSeen.error : undefined,
  });
}

async function attempt<T>(probe: () => T | Promise<T>): Promise<{ answer: T } | { error: unknown }> {
  try {
    return { answer: await probe() };
  } catch (error) {
    return { error };
  }
}

function describe(seen: { answer: unknown } | { error: unknown }): string {
  if ('error' in seen) return seen.error instanceof Error ? seen.error.message : String(seen.error);
  return String(seen.answer);
}
