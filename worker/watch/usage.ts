/** What the browser of a recording uses at this moment. */
export interface Usage {
  readonly memoryMiB: number;
  /** Averaged over the last minute. */
  readonly cores: number;
  readonly diskMiB: number;
  /** What it has sent to the worker, apart from the recording, in the last seconds. */
  readonly sentMiBPerS: number;
}

/** The most that it may use. */
export interface UsageLimits {
  readonly memoryMiB: number;
  readonly diskMiB: number;
  readonly cores: number;
}
