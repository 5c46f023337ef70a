import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Job } from 'bullmq';
import type { Silent } from '../lease/findSilent.ts';
import { isAnyBeside } from '../lease/isAnyBeside.ts';
import type { SeenLease } from '../lease/lease.ts';
import { areTogether, hasEnded, type ProcessIdentity } from '../lease/processIdentity.ts';
import type { LeaseView } from '../lease/watchLeases.ts';
import { messageOf } from '../recordingError.ts';
import type { CallsAhead } from './callsAhead.ts';
import { giveBack } from './endJob.ts';
import { type HeldJob, hold, type JobsOfWorker, type LeaseTiming, newLease } from './jobsOfWorker.ts';
import { jobToJudge } from './judgeJob.ts';
import { withLoss } from './lossesOf.ts';
import type { JobManifest } from './takenJob.ts';

/** So much longer a worker waits where another one is to go on with a recording: one that reaches its files, or has opened its call. */
const AFTER_THE_OTHERS_MS = 3_000;
/** The same where only the last part of a file is out of reach, so that the recording goes on within 15 s all the same. */
const AFTER_THE_WHOLE_MS = 1_500;
/** After this time, files that were complete and wait on a machine of which nothing is heard are given up. */
const GIVE_UP_MS = 600_000;
/** A process that was killed ends within this time. */
const KILL_LIMIT_MS = 3_000;

interface Candidate extends Silent {
  /** Nobody holds it any more, so a worker was lost with it. Otherwise its owner offers it. */
  readonly isLoss: boolean;
}

/**
 * Goes through the leases that nobody holds, or that their owners offer, and claims each that this worker can carry.
 * Passes every recording that goes on here to `onClaimed`, as long as `mayTake` allows it. A job that had not begun goes
 * back to the head of the queue.
 */
export async function takeOver(
  shared: JobsOfWorker,
  ahead: CallsAhead,
  view: LeaseView,
  isOurs: (owner: string) => boolean,
  onClaimed: (mine: HeldJob) => void,
  mayTake: (id: string) => boolean,
): Promise<void> {
  // Who has offered a recording has left in good order.
  const silent = view.silent.map((one) => ({ ...one, isLoss: one.seen?.lease.offered !== true }));
  const known = new Set(silent.map(({ id }) => id));
  const offered = [...view.leases].flatMap(([id, seen]) =>
    seen.lease.offered && !known.has(id) ? [{ id, seen, forMs: 0, isLoss: false }] : [],
  );
  // What was begun is urgent: the call goes on, and nobody records it.
  for (const one of [...silent, ...offered]) {
    if (!mayTake(one.id)) continue;
    if (one.seen && isOurs(one.seen.lease.owner)) continue;
    try {
      const mine = await claimOne(shared, ahead, one, view.alive);
      if (mine) onClaimed(mine);
    } catch (error) {
      const details = { recordingId: one.id, reason: messageOf(error) };
      shared.log.warn(details, 'a recording cannot be taken over; the worker tries again');
    }
  }
}

async function claimOne(
  shared: JobsOfWorker,
  callsAhead: CallsAhead,
  one: Candidate,
  alive: readonly ProcessIdentity[],
): Promise<HeldJob | null> {
  const { worker, store, gate, successors, timing } = shared;
  const { id, isLoss } = one;
  const job = await Job.fromId(worker, id);
  const fields = job ? await store.jobFields(id) : {};
  const kept = readManifest(await store.manifest(id));
  const reach = kept === null ? 'here' : await shared.runner.reach(kept);
  const isOthers =
    reach === null ||
    reach === 'parts' ||
    (reach === 'bucket' && (kept?.ended || isAnyBeside(one.seen?.lease, alive, shared.here)));
  const afterOthersMs = reach === 'parts' ? AFTER_THE_WHOLE_MS : AFTER_THE_OTHERS_MS;
  if (job && isOthers && one.forMs < patienceMs(kept, timing, afterOthersMs)) return null;
  const goesOn = reach !== null || kept?.ended != null;
  const of = { fields, manifest: goesOn ? kept : null, outOfReach: goesOn ? null : kept };
  if (!callsAhead.has(id) && (await isForAnother(shared, one))) return null;
  const isBegun = kept !== null || fields.final !== undefined;
  const runsHere = isBegun || !isLoss;
  // It is taken before the claim: nobody else may close it, or give up its room, from now on.
  const ahead = callsAhead.take(id);
  const token = ahead?.token ?? randomUUID();
  if (job && runsHere && !ahead && !(await hasRoom(shared, { ...of, job }, token))) return null;
  let mine: HeldJob | null = null;
  try {
    const given = { ...of, job: job ?? null, token, isBegun, runsHere, ahead: ahead?.call ?? null };
    mine = await claimWithRoom(shared, one, alive, given);
    return mine;
  } finally {
    if (mine === null && ahead) callsAhead.putBack(id, ahead);
    else if (mine === null) gate.release(token);
    else if (ahead) void successors.end(id, token).catch(() => {}); // else it is forgotten by itself
  }
}

/** Claims what there is room for. Nothing renews the lease where this throws, so that it is silent soon. */
async function claimWithRoom(
  shared: JobsOfWorker,
  one: Candidate,
  alive: readonly ProcessIdentity[],
  given: Omit<HeldJob, 'job' | 'held' | 'hasRoom'> & {
    readonly job: Job | null;
    readonly isBegun: boolean;
    readonly runsHere: boolean;
  },
): Promise<HeldJob | null> {
  const { worker, store, log } = shared;
  const { id, isLoss } = one;
  const { job, token, isBegun, runsHere, ...of } = given;
  const { fields } = of;
  const losses = isLoss ? withLoss(fields, Date.now()) : null;
  const fence = Math.max(one.seen?.lease.fence ?? 0, await store.overFence(id)) + 1;
  const lease = { ...newLease(shared.here, token), fence };
  const answer = await store.claim(id, one.seen, lease, losses);
  if (answer !== 'claimed' || !job) return null;
  if (isLoss) await endSilentProcess(shared, one.seen, alive, id);
  const claimed = { ...of, job: (await Job.fromId(worker, id)) ?? job, fields: await store.jobFields(id) };
  await shared.records.load(id);
  const held = hold(shared, { ...claimed, lease });
  if (!runsHere) {
    await giveBack({ ...claimed, held, token }).finally(() => held.leave(false));
    return null;
  }
  const from = { recordingId: id, lost: isLoss, begun: isBegun, fence: lease.fence };
  log.info(from, isLoss ? 'goes on with a recording whose worker is gone' : 'takes a recording over');
  return { ...claimed, token, held, hasRoom: true };
}

/**
 * Whether another worker is ready to go on with the recording, or will be. One that was lost while it left is claimed by
 * the other worker only if that one can see from its own machine that it was lost.
 */
async function isForAnother(
  { successors, here, timing }: JobsOfWorker,
  { id, isLoss, seen, forMs }: Candidate,
): Promise<boolean> {
  if (isLoss && (!seen?.lease.leaving || forMs >= timing.silentMs + AFTER_THE_OTHERS_MS)) return false;
  const successor = await successors.of(id);
  if (successor === null || hasEnded(successor.process, here)) return false;
  return !isLoss || (seen !== null && areTogether(successor.process, seen.lease.process));
}

/** How long a worker that does not have the files of a recording leaves it to one that has: a bucket lacks at least their end. */
function patienceMs(kept: JobManifest | null, { silentMs }: LeaseTiming, afterOthersMs: number): number {
  return kept?.ended ? GIVE_UP_MS : silentMs + afterOthersMs;
}

/** A recording that is to be stopped, or has only its delivery left, needs no room. */
async function hasRoom(
  { gate, runner, commands }: JobsOfWorker,
  of: Pick<HeldJob, 'job' | 'fields' | 'manifest'>,
  token: string,
): Promise<boolean> {
  if (of.fields.final !== undefined) return true;
  const judged = jobToJudge(of);
  if (gate.admit(token, runner.costOf(judged), of.manifest !== null)) return true;
  return (await commands.pendingFor(judged.id)).some(({ command }) => command.type === 'stop');
}

/**
 * A process that holds a lease and has said nothing for so long may wake up and write to the file that is now ours. On
 * the same machine that is made impossible.
 */
async function endSilentProcess(
  { here, log }: JobsOfWorker,
  seen: SeenLease | null,
  alive: readonly ProcessIdentity[],
  recordingId: string,
): Promise<void> {
  const other = seen?.lease.process;
  if (!other || !areTogether(other, here) || other.pid === here.pid || hasEnded(other, here)) return;
  if (other.processStart === null || alive.some((one) => areTogether(one, other) && one.pid === other.pid))
    return;
  log.warn(
    { recordingId, pid: other.pid },
    'ends a worker that stands still, because its recording is taken over',
  );
  try {
    process.kill(other.pid, 'SIGKILL');
  } catch (error) {
    log.warn({ recordingId, pid: other.pid, reason: messageOf(error) }, 'it cannot be ended');
  }
  const giveUpAtMs = performance.now() + KILL_LIMIT_MS;
  while (!hasEnded(other, here) && performance.now() < giveUpAtMs) await wait(20);
}

function readManifest(text: string | null): JobManifest | null {
  return text === null ? null : (JSON.parse(text) as JobManifest);
}
