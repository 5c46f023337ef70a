import type { PageMessage } from './pageMessages.ts';
import type { PageProbe } from './pageProbe.ts';

/** What the worker calls in a recorded page: global functions that the preload script defines. */
export interface PageCalls {
  /** Answers once the page has painted another frame, so that no answer means a frozen page. */
  __compositorProbe(): Promise<PageProbe>;
}

/** What a recorded page calls in the worker: global functions that the worker defines before the page loads. */
export interface CompositorCalls {
  /** Pages are not ours to trust: what arrives may be anything. */
  __compositorSend(signal: PageMessage | ContractSignal): Promise<void>;
}

/** Says that the page may be recorded, in one of the contracts that other recorders know. */
export interface ContractSignal {
  readonly signal: 'navigator' | 'marker';
}
