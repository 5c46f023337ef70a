import type { BenchPage } from '../serveBenchPage.ts';

export interface Size {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** A running pipeline: everything below this process id is its cost. */
export interface Running {
  readonly pid: number;
  /** Ends the recording; resolves with its file (null for the page alone) once it is complete. */
  stop(): Promise<string | null>;
}

/** One way to record the page. */
export interface Subject {
  readonly name: string;
  /** What it is, in the words of a table. */
  readonly label: string;
  /** Why it cannot run here, and what to install; null where it can. */
  readonly missing: string | null;
  /** Resolves once the page is up and being recorded. */
  start(given: { page: BenchPage; size: Size; seconds: number; folder: string }): Promise<Running>;
}
