import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { EventListener } from '../events/publishEvents.ts';

/** One job as it comes off the queue. */
export interface TakenJob {
  readonly id: string;
  readonly payload: unknown;
  /** 1 for the first try. A job that was taken over from a lost worker counts as tried once more. */
  readonly attempt: number;
  /** Why the job cannot be tried once more: too many workers that ran it were lost. null for every other job. */
  readonly lostTooOften: string | null;
  /** Whether the queue tries it again where this attempt fails in a way that may succeed the next time. */
  mayTryAgain(): boolean;
  /** Asks for the end; the signal's reason is the end reason. */
  readonly stop: AbortSignal;
  /** Publishes an event as the job's progress. */
  readonly publish: EventListener;
}

/** What a job needs of a machine. */
export interface Cost {
  readonly cores: number;
  readonly memoryMiB: number;
}

/** A job that has been read and waits for room. */
export interface PreparedJob {
  readonly cost: Cost;
  /** Reports that the job waits because the machine has no room. */
  tellWaiting(): void;
  /** Never throws, because a failure is a result. */
  run(): Promise<RecordingResult>;
  /** Resolves once all events so far are kept where other workers find them. Waits while Redis is away. */
  told(): Promise<unknown>;
}

/** Decides which recordings this machine can carry. */
export interface Gate {
  /** Whether there is room for a job of this cost now. If so, the cost is booked until it is released. */
  admit(id: string, cost: Cost): boolean;
  release(id: string): void;
  /** Whether an ordinary recording would be admitted now. */
  isOpen(): boolean;
}
