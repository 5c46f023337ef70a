/** Something that happens once, and that others wait for. */
export interface Signal {
  readonly promise: Promise<void>;
  isResolved(): boolean;
  resolve(): void;
}

export function signal(): Signal {
  let resolvePromise: () => void = () => {};
  let isResolved = false;
  const promise = new Promise<void>((done) => {
    resolvePromise = done;
  });
  return {
    promise,
    isResolved: () => isResolved,
    resolve: () => {
      isResolved = true;
      resolvePromise();
    },
  };
}
