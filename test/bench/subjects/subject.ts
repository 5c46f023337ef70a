import type { BenchPage } from '../serveBenchPage.ts';

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A running pipeline. Its cost is that of this process id and of all its descendants. */
export interface Running {
  readonly pid: number;
  /** Ends the recording. Resolves to its file once it is complete, or to null for the page alone. */
  stop(): Promise<string | null>;
}

/** One way to record the page. */
export interface Subject {
  readonly name: string;
  /** What it is called in a table. */
  readonly label: string;
  /** Why it cannot run here, and what to install; null if it can run. */
  readonly missing: string | null;
  /** Resolves once the page is shown and is being recorded. */
  start(given: { page: BenchPage; size: Size; seconds: number; folder: string }): Promise<Running>;
}
