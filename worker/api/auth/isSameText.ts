import { timingSafeEqual } from 'node:crypto';

/** Compares a secret with what was given, in a time that does not tell how much of it is right. */
export function isSameText(ours: string, given: string): boolean {
  const [one, other] = [Buffer.from(ours), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
