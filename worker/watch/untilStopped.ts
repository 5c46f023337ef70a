import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type { EndReason } from '../../shared/events/recordingEvents.ts';

const STOP_REASONS = [
  'stopped',
  'worker_shutdown',
  'taken_over',
  'handed_over',
  'max_duration',
  'max_size',
  'tenant_minutes',
] as const satisfies readonly EndReason[];

/** The end reason that a signal was aborted with. */
export function endReasonOf(stop: AbortSignal): EndReason {
  return STOP_REASONS.find((reason) => reason === stop.reason) ?? 'stopped';
}

/** Whether the recording goes on in another worker. */
export function isLeft(reason: EndReason | ErrorCode): boolean {
  return reason === 'handed_over' || reason === 'taken_over';
}

/**
 * Resolves to null as soon as the signal is aborted. The work then goes on until the cleanup takes away what it
 * needs; it is not begun where the signal is aborted already.
 */
export async function untilStopped<T>(begin: () => Promise<T>, stop: AbortSignal): Promise<T | null> {
  if (stop.aborted) return null;
  const work = begin();
  work.catch(() => {}); // may fail once the cleanup has closed its browser
  let onAbort = () => {};
  const stopped = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    stop.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    stop.removeEventListener('abort', onAbort);
  }
}
