import { LONGEST_TOLD } from '../../../shared/page/pageCalls.ts';

/** Any thrown value as text, up to 500 characters; a plain object as JSON. */
export function thrownText(thrown: unknown): string {
  try {
    const isPlain = typeof thrown === 'object' && thrown !== null && !(thrown instanceof Error);
    return (isPlain ? JSON.stringify(thrown) : String(thrown)).slice(0, LONGEST_TOLD);
  } catch {
    return 'an object';
  }
}
