/** Where the newest picture of a recording comes from, which changes with its browsers. */
export interface LastPicture {
  /** The picture of now as a JPEG; null where there is none. */
  take(): Promise<Uint8Array | null>;
  /** From now on it comes from there; null while nothing is recorded. */
  comesFrom(source: (() => Promise<Uint8Array | null>) | null): void;
}

export function createLastPicture(): LastPicture {
  let take: (() => Promise<Uint8Array | null>) | null = null;
  return {
    take: async () => (take ? take() : null),
    comesFrom: (source) => {
      take = source;
    },
  };
}
