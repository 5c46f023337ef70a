/** In whose words a snippet is written: the tabs of the documentation. */
export type Tab = 'JavaScript' | 'Python' | 'cURL' | 'JavaScript@0.3 (deprecated)';

/** One statement of the documentation, unedited. */
export interface Snippet {
  readonly tab: Tab;
  /** What stands before it in its tab and only names things: imports and constants. */
  readonly prelude: string;
  readonly code: string;
}
