import { CompositorError } from '../../../worker/client/api/compositorError.ts';

/** What went wrong, and what to do where that is known. */
export function messageOf(error: unknown): string {
  if (error instanceof CompositorError) {
    if (error.status === 429)
      return `Too much was asked at once; it goes on in ${error.retryAfterS ?? 60} s.`;
    return sentence(error.message);
  }
  if (error instanceof TypeError)
    return 'The server does not answer. Check that it runs, and your connection; this page tries again by itself.';
  return sentence(error instanceof Error ? error.message : String(error));
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
