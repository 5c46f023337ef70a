/** Runs work in order. Work that takes long is split, and the page lives on between its pieces. */
export interface Turns {
  /** Runs the work now, unless something before it still waits. */
  run(work: () => void): void;
  /** Runs a piece of work so many times, each in a turn of its own, one after the other. */
  split(times: number, piece: () => Promise<unknown>): void;
  /** Resolves once nothing waits. */
  done(): Promise<void>;
}

/** `onError` is told of work that throws after it has waited. */
export function createTurns(onError: (error: unknown) => void): Turns {
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  function wait(work: () => Promise<void> | void): void {
    waiting++;
    last = last
      .then(work)
      .catch(onError)
      .finally(() => {
        waiting--;
      });
  }

  return {
    run: (work) => {
      if (waiting === 0) work();
      else wait(work);
    },
    split: (times, piece) =>
      wait(async () => {
        for (let done = 0; done < times; done++) {
          await new Promise((resolve) => setTimeout(resolve));
          await piece();
        }
      }),
    done: () => last,
  };
}
