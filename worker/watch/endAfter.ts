/**
 * A signal that is aborted when the given one is, with the same reason, or with `max_duration` after
 * this many milliseconds, which may be infinite.
 */
export function endAfter(
  stop: AbortSignal,
  afterMs: number,
): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const end = () => controller.abort(stop.reason);
  if (stop.aborted) end();
  stop.addEventListener('abort', end, { once: true });
  const timer = Number.isFinite(afterMs)
    ? setTimeout(() => controller.abort('max_duration'), afterMs)
    : undefined;
  return {
    signal: controller.signal,
    forget: () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
    },
  };
}
