import type { Recorded } from '../recorded.ts';
import type { Size } from '../size.ts';

/** A running pipeline. */
export interface Running {
  /** The ids of all processes that it consists of now. Their cost is its cost. */
  processes(): readonly number[];
  /** Ends the recording. Resolves to its file once it is complete, or to null for the page alone. */
  stop(): Promise<string | null>;
}

/** One way to record. */
export interface Subject {
  readonly name: string;
  /** What it is called in a table. */
  readonly label: string;
  /** Why it cannot run here, and what to install; null if it can run. */
  readonly missing: string | null;
  /** Resolves once the page is shown and is being recorded. */
  start(given: { recorded: Recorded; size: Size; folder: string }): Promise<Running>;
}
