/**
 * Makes a function that writes one value after the other, and leaves out those that have been overtaken by a
 * newer one while an earlier one was still being written. It resolves once the value, or a newer one, is written
 * or has failed. It never rejects: `onError` is told.
 */
export function latestOnly<T>(
  write: (value: T) => Promise<void>,
  onError: (error: unknown) => void,
): (value: T) => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let waiting: { value: T; done: Promise<void> } | null = null;
  return (value) => {
    if (waiting !== null) {
      waiting.value = value;
      return waiting.done;
    }
    const next = { value, done: running.then(() => run()) };
    waiting = next;
    running = next.done;
    return next.done;

    async function run(): Promise<void> {
      waiting = null;
      await write(next.value).catch(onError);
    }
  };
}
