import type { PauseMode, RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { EventListener } from '../events/publishEvents.ts';

/** What is known of a recording's progress, as far as the queue looks into it. It is kept as JSON. */
export interface JobManifest {
  /** Not null once the call is captured, so that only its delivery is left. */
  readonly ended: object | null;
}

/** What a worker must know of a job to decide whether it can run it. */
export interface JobToJudge {
  readonly id: string;
  readonly payload: unknown;
  /** Why the job cannot be tried once more: too many workers that ran it were lost. null for every other job. */
  readonly lostTooOften: string | null;
  readonly manifest: JobManifest | null;
}

/** One job as it comes off the queue, or was taken over from another worker. */
export interface TakenJob {
  readonly id: string;
  readonly payload: unknown;
  /** 1 for the first try. A job that was taken over from a lost worker counts as tried once more. */
  readonly attempt: number;
  /** As in JobToJudge. */
  readonly lostTooOften: string | null;
  /** Whether the queue tries it again where this attempt fails in a way that may succeed the next time. */
  mayTryAgain(): boolean;
  /** Asks for the end; the signal's reason is the end reason. */
  readonly stop: AbortSignal;
  /** Aborted once another worker holds the recording, whatever `stop` was aborted with before. */
  readonly lost: AbortSignal;
  /**
   * Calls the listener with each change of the layout that the recording was told so far, and from now on, and with the id
   * of its command.
   */
  onLayoutChange(listener: (change: unknown, command: string) => void): void;
  /**
   * Calls the listener with how the recording is to be paused, or with null where it is to go on: with the last that was
   * said of it, if anything was, and from now on.
   */
  onPause(listener: (mode: PauseMode | null) => void): void;
  /** Sets how the picture of now is taken, as a JPEG, for somebody who asks for it. It resolves to null where there is none. */
  onPictureAsked(take: () => Promise<Uint8Array | null>): void;
  /** Publishes an event as the job's progress, as long as this worker holds the recording. */
  readonly publish: EventListener;
  /** What the worker before has left, to go on from, and a place to keep what the next one would need. */
  readonly manifest: { readonly given: JobManifest | null; save(manifest: JobManifest): Promise<void> };
  /** Its call, where this worker has opened it already. */
  readonly ahead: CallAhead | null;
  /** What the worker before has left on a machine that cannot be reached, so that the recording begins anew. */
  readonly outOfReach: JobManifest | null;
  /**
   * The call is captured: its room is free for the next job, while the delivery goes on. `isLeft`: the recording goes on
   * in another worker.
   */
  captured(isLeft: boolean): void;
  /** The recording turned out to cost this. */
  costs(cost: Cost): void;
  /** Everything is kept where another worker finds it, so it may go on at once. */
  handedOver(): void;
  /**
   * Resolves while this worker certainly holds the recording, otherwise once it does again. Rejects where another worker
   * has it. Whoever sends something to the world awaits it first.
   */
  confirmed(): Promise<void>;
}

/** What a job needs of a machine. */
export interface Cost {
  readonly cores: number;
  readonly memoryMiB: number;
}

/** A job that has been read and waits for room. */
export interface PreparedJob {
  /** Reports that the job waits because the machine has no room. */
  tellWaiting(): void;
  /** Never throws, because a failure is a result. */
  run(): Promise<RecordingResult>;
  /** Takes each event of the job once the queue has it. */
  readonly hear: EventListener;
  /** Resolves once what it heard so far is kept for everybody who listens. */
  told(): Promise<unknown>;
}

/** A call that was opened while another worker still records it. */
export interface CallAhead {
  /** Resolves to whether the call can be recorded from now on. Never rejects. */
  readonly isReady: Promise<boolean>;
  /** Closes it, if that has not been done yet. */
  close(): Promise<void>;
}

/** What a worker does with jobs. */
export interface JobRunner {
  costOf(job: JobToJudge): Cost;
  /** Whose limit of recordings at once counts for a job; null where none does. */
  tenantOf(job: JobToJudge): string | null;
  /** From where this machine can go on with the files that a manifest names; null if it cannot. */
  reach(manifest: JobManifest): Promise<'here' | 'bucket' | 'parts' | null>;
  prepare(job: TakenJob): PreparedJob;
  /** Opens the call of a job that another worker still records, in the layout that it was told to have. */
  openAhead(job: JobToJudge, told: Pick<TakenJob, 'onLayoutChange'>): CallAhead;
  /** As prepare, for a job that no worker has taken, so that it can only be told that it waits. */
  prepareWaiting(
    job: Pick<TakenJob, 'id' | 'payload'>,
    publish: EventListener,
  ): Pick<PreparedJob, 'tellWaiting' | 'hear'>;
}

/** Decides which recordings this machine can carry. */
export interface Gate {
  /**
   * Whether there is room for a job of this cost now. If so, the cost is booked until it is released. `isUrgent`: the
   * call is going on and nobody records it, so only what is booked counts, and not how busy the machine is.
   */
  admit(id: string, cost: Cost, isUrgent?: boolean): boolean;
  /** What is booked under the id turned out to cost this. */
  rebook(id: string, cost: Cost): void;
  release(id: string): void;
  /** Whether an ordinary recording would be admitted now. */
  isOpen(): boolean;
}

/** Lets no tenant record more calls at once than it may, whatever the number of workers. A tenant of null has no limit. */
export interface Seats {
  /** Whether the recording may begin. It then has its seat as long as a lease names it. */
  take(id: string, tenant: string | null): Promise<boolean>;
  /** Gives a seat to a recording that goes on already, even where none is free. */
  keep(id: string, tenant: string | null): Promise<void>;
  /** Gives the seat up before the lease ends, or leaves the line. */
  leave(id: string, tenant: string | null): Promise<void>;
  /** Notes that a recording waits for a seat behind those of its tenant that wait already. */
  standInLine(id: string, tenant: string | null): Promise<void>;
  /** Of each tenant that has a free seat, the recording that has waited longest. */
  firstInLine(): Promise<readonly { readonly id: string; readonly tenant: string }[]>;
}
