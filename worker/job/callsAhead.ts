import { randomUUID } from 'node:crypto';
import { Job } from 'bullmq';
import type { SentCommand } from '../control/commandStream.ts';
import { isAnyBeside } from '../lease/isAnyBeside.ts';
import type { Lease } from '../lease/lease.ts';
import type { LeaseView } from '../lease/watchLeases.ts';
import { messageOf } from '../recordingError.ts';
import type { JobsOfWorker } from './jobsOfWorker.ts';
import { jobToJudge } from './judgeJob.ts';
import { sentEarlier } from './sentEarlier.ts';
import type { CallAhead } from './takenJob.ts';
import { createToldJob, type ToldJob } from './toldJob.ts';

/** A worker that leaves waits for room at others, and looks are many then. */
const TRY_EVERY_MS = 200;
/** A recording that is offered is claimed within this time, or by another worker. */
const CLAIM_LIMIT_MS = 1_000;

/** A call that this worker has opened, with room that is booked under the token. */
export interface OpenAhead {
  readonly token: string;
  readonly call: CallAhead;
  /** Carries out a command that was sent to the recording, as far as its page is concerned. */
  tell(sent: SentCommand): void;
}

/** Calls that this worker opens ahead, so that it can go on with recordings whose workers leave. */
export interface CallsAhead {
  count(): number;
  has(id: string): boolean;
  /** Opens the calls of recordings whose workers leave, where there is room. */
  open(view: LeaseView): Promise<void>;
  /**
   * Closes those whose recordings are no longer left, and those that could have been taken and were not. Tells that
   * this worker still cares for the others.
   */
  keep(view: LeaseView): Promise<void>;
  /** Lets the page of a recording follow what the recording is told. */
  tell(sent: SentCommand): void;
  /** Gives away the call of a recording that is claimed now. From now on its room and its end are the taker's. */
  take(id: string): OpenAhead | null;
  /** Keeps one that was taken although its recording could not be claimed: the next look tries again. */
  putBack(id: string, ahead: OpenAhead): void;
  /** Gives up those that are left. Resolves once all that were given up are closed. */
  close(): Promise<void>;
}

export function createCallsAhead(
  shared: Pick<
    JobsOfWorker,
    'worker' | 'store' | 'successors' | 'commands' | 'gate' | 'runner' | 'here' | 'log'
  >,
): CallsAhead {
  const { worker, store, successors, commands, gate, runner, here, log } = shared;
  const kept = new Map<string, OpenAhead>();
  /** Those that are being opened, and what they were told so far. */
  const opening = new Map<string, ToldJob>();
  /** Since when recordings are offered whose calls are open here. */
  const offeredAtMs = new Map<string, number>();
  /** When it was last looked whether there is room for a recording. */
  const triedAtMs = new Map<string, number>();
  /** Owners of recordings whose calls could not be opened: once is enough. */
  const failed = new Set<string>();
  /** A browser may take long to close, and the looks at the leases do not wait for that. */
  const closing = new Set<Promise<void>>();

  /** What comes while it is opened is told like everything later. */
  async function openOne(id: string, lease: Lease, view: LeaseView): Promise<void> {
    const told = createToldJob();
    opening.set(id, told);
    await openTold(id, lease, view, told).finally(() => opening.delete(id));
  }

  async function openTold(id: string, lease: Lease, { alive }: LeaseView, told: ToldJob): Promise<void> {
    const { owner } = lease;
    const token = randomUUID();
    const successor = { owner: token, isReady: false, process: here };
    const job = await Job.fromId(worker, id);
    const manifest = JSON.parse((await store.manifest(id)) ?? 'null');
    if (!job || !manifest || manifest.ended) return;
    const reach = await runner.reach(manifest);
    const isOthers = reach === 'bucket' && isAnyBeside(lease, alive, here);
    if (reach === null || reach === 'parts' || isOthers) return;
    const judged = jobToJudge({ job, fields: await store.jobFields(id), manifest });
    told.tellSentEarlier(await sentEarlier({ commands, log }, id)); // what is missed here is known when the call is taken
    if (judged.lostTooOften !== null || !gate.admit(token, runner.costOf(judged), true)) return;
    const isOurs = await successors.begin(id, successor).catch(() => false);
    if (!isOurs) return void gate.release(token);
    log.info({ recordingId: id }, 'makes ready to go on with a recording whose worker leaves');
    const call = runner.openAhead(judged, told);
    kept.set(id, { token, call, tell: told.tell });
    void call.isReady
      .then(async (isReady) => {
        const isKept = () => kept.get(id)?.token === token;
        if (!isReady && isKept()) failed.add(owner);
        const isOurs = isReady && (await successors.tellReady(id, successor));
        if (!isOurs && isKept()) giveUp(id);
      })
      .catch((error) =>
        log.warn({ recordingId: id, reason: messageOf(error) }, 'it is not told to be ready'),
      );
  }

  /** Whether this worker may still go on with the recording. A claim fails where the lease changes in that moment. */
  function isStillLeft(id: string, lease: Lease | undefined): boolean {
    if (!lease?.leaving) return false;
    if (!lease.offered) return true;
    const nowMs = performance.now();
    if (!offeredAtMs.has(id)) offeredAtMs.set(id, nowMs);
    return nowMs - (offeredAtMs.get(id) ?? nowMs) < CLAIM_LIMIT_MS;
  }

  function giveUp(id: string): void {
    const ahead = kept.get(id);
    if (!ahead) return;
    kept.delete(id);
    gate.release(ahead.token);
    void successors.end(id, ahead.token).catch(() => {}); // else it is forgotten by itself
    const closed: Promise<void> = ahead.call.close().finally(() => closing.delete(closed));
    closing.add(closed);
  }

  return {
    count: () => kept.size,
    has: (id) => kept.has(id),
    open: async (view) => {
      const { leases } = view;
      for (const id of triedAtMs.keys()) if (!leases.has(id)) triedAtMs.delete(id);
      for (const [id, { lease }] of leases) {
        if (!lease.leaving || lease.offered || kept.has(id) || failed.has(lease.owner)) continue;
        if (performance.now() - (triedAtMs.get(id) ?? Number.NEGATIVE_INFINITY) < TRY_EVERY_MS) continue;
        triedAtMs.set(id, performance.now());
        if ((await successors.of(id)) === null) await openOne(id, lease, view);
      }
    },
    keep: async ({ leases }) => {
      for (const id of offeredAtMs.keys()) if (!kept.has(id)) offeredAtMs.delete(id);
      for (const [id, { token }] of [...kept]) {
        const isOurs = isStillLeft(id, leases.get(id)?.lease) && (await successors.renew(id, token));
        if (!isOurs) giveUp(id);
      }
    },
    tell: (sent) => (kept.get(sent.recordingId) ?? opening.get(sent.recordingId))?.tell(sent),
    take: (id) => {
      const ahead = kept.get(id) ?? null;
      kept.delete(id);
      return ahead;
    },
    putBack: (id, ahead) => {
      kept.set(id, ahead);
      void ahead.call.isReady.then((isReady) => {
        if (!isReady && kept.get(id)?.token === ahead.token) giveUp(id);
      });
    },
    close: async () => {
      for (const id of [...kept.keys()]) giveUp(id);
      await Promise.all(closing);
    },
  };
}
