import { uptime } from 'node:os';
import type { Job, Worker } from 'bullmq';
import type { RecordingResult } from '../../shared/events/recordingEvents.ts';
import type { CommandStream } from '../control/commandStream.ts';
import { type HeldLease, holdLease } from '../lease/holdLease.ts';
import type { Lease } from '../lease/lease.ts';
import type { JobFields, LeaseStore } from '../lease/leaseStore.ts';
import type { ProcessIdentity } from '../lease/processIdentity.ts';
import type { SuccessorStore } from '../lease/successorStore.ts';
import type { Logger } from '../log.ts';
import type { CallAhead, Gate, JobManifest, JobRunner, Seats } from './takenJob.ts';

/** What the records know of recordings; the queue asks them where a job comes a second time. */
export interface JobRecords {
  /** The result of a recording that is complete; null for any other, which may be recorded. */
  completed(recordingId: string): Promise<RecordingResult | null>;
  /** What a worker before has told, so that it can be written again after Redis has forgotten it. */
  load(recordingId: string): Promise<void>;
  /** Writes again what Redis has forgotten. */
  restore(recordingId: string): Promise<void>;
}

export interface LeaseTiming {
  readonly beatMs: number;
  readonly silentMs: number;
  readonly lookMs: number;
  /** Owners of recordings write their leases again within this time after Redis has come back. */
  readonly settleMs: number;
  /** After this time, a job that no worker has taken is told that it waits. */
  readonly longWaitMs: number;
}

/** What all jobs of a worker share. */
export interface JobsOfWorker {
  readonly worker: Worker;
  readonly store: LeaseStore;
  readonly successors: SuccessorStore;
  readonly here: ProcessIdentity;
  readonly timing: LeaseTiming;
  readonly gate: Gate;
  readonly seats: Seats;
  readonly commands: CommandStream;
  /** Jobs that have been told to wait, so that each is told once and not at every look. */
  readonly told: Set<string>;
  readonly runner: JobRunner;
  readonly records: JobRecords;
  readonly log: Logger;
}

/** A job whose lease this worker holds. */
export interface HeldJob {
  readonly job: Job;
  /** The owner of the lease, and the token of BullMQ's lock. */
  readonly token: string;
  readonly held: HeldLease;
  /** The job as BullMQ keeps it. */
  readonly fields: JobFields;
  readonly manifest: JobManifest | null;
  readonly outOfReach: JobManifest | null;
  /** Whether its room is booked already. */
  readonly hasRoom: boolean;
  /** Its call, where this worker has opened it already. */
  readonly ahead: CallAhead | null;
}

/** The first lease of a recording. */
export function newLease(here: ProcessIdentity, owner: string): Lease {
  return { owner, fence: 1, beat: 0, state: 'running', offered: false, leaving: false, process: here };
}

/** Renews a lease that is in Redis as `lease`. */
export function hold(
  shared: JobsOfWorker,
  given: {
    readonly job: Job;
    readonly lease: Lease;
    readonly fields: JobFields;
    readonly manifest: JobManifest | null;
  },
): HeldLease {
  const { store, timing, records, seats, runner, log } = shared;
  const id = String(given.job.id);
  const restore = async (newest: string | null) => {
    await records.restore(id);
    const manifest = JSON.parse(newest ?? 'null') as JobManifest | null;
    if (manifest?.ended) return; // a delivery needs no seat
    await seats.keep(id, runner.tenantOf({ id, payload: given.job.data, lostTooOften: null, manifest }));
  };
  return holdLease({
    store,
    id,
    lease: given.lease,
    timing,
    job: given.fields,
    manifest: given.manifest,
    onRestored: (newest) =>
      void restore(newest).catch((error) => log.warn({ err: error, recordingId: id }, 'no record restored')),
    warn: (message, details) => log.warn({ ...details, recordingId: id }, message),
    // It goes on while the machine is suspended, which performance.now() does not.
    nowMs: () => uptime() * 1000,
  });
}
