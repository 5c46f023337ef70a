import { setTimeout as wait } from 'node:timers/promises';
import { workerInUse } from '../inUse.ts';
import { oneOf } from '../playAll.ts';
import { recordThrough } from '../recordThrough.ts';
import type { Scenario } from '../scenario.ts';
import type { WorkerProcess } from '../startWorkerProcess.ts';

/** The worker's default, in seconds. */
const GRACE_S = 25;
const MOST_SIGNALS = 5;
const SIGNALS_WITHIN_MS = 3_000;

/** A worker is told to leave. */
export const LEAVING: readonly Scenario[] = [
  {
    name: 'deployment',
    happens: 'A worker gets SIGTERM while another one has room.',
    promise: 'At most 1 s is missing.',
    mostMissingS: 1,
    goesOnWithinS: 3,
    isAlone: true,
    run: async (world, random) => {
      const workers = await Promise.all([world.startWorker(), world.startWorker()]);
      return recordThrough(world, random, { make: async () => workerInUse(workers).kill('SIGTERM') });
    },
  },
  {
    name: 'signals',
    happens:
      'A worker gets 2 to 5 of SIGTERM, SIGINT and SIGHUP within 3 s, each for itself or for its process group. It is the only one, or another one has room.',
    promise: `At most 1 s is missing where another one has room, and nothing of the file otherwise. The worker leaves within ${GRACE_S} s.`,
    mostMissingS: 1,
    goesOnWithinS: 3,
    isAlone: true,
    run: async (world, random) => {
      const isOnly = random() < 0.5;
      const start = () => world.startWorker('disk', {}, { hasOwnGroup: true });
      const workers = await Promise.all(isOnly ? [start()] : [start(), start()]);
      const plan = planSignals(random);
      let leaving: Leaving | null = null;
      return recordThrough(world, random, {
        how: `${plan.map(({ signal, toGroup }) => signal + (toGroup ? ' to the group' : '')).join(', ')}${isOnly ? ', the only worker' : ''}`,
        endsByItself: isOnly,
        make: async () => {
          const worker = workerInUse(workers);
          leaving = { worker, sinceMs: performance.now(), done: send(worker, plan) };
        },
        alsoJudge: async ({ end_reason: reason }) => [
          ...(reason === (isOnly ? 'worker_shutdown' : 'stopped') ? [] : [`it ended for ${reason}`]),
          ...(leaving ? await problemsOfLeaving(leaving) : []),
        ],
      });
    },
  },
];

interface Sent {
  readonly signal: NodeJS.Signals;
  readonly toGroup: boolean;
  readonly afterMs: number;
}

interface Leaving {
  readonly worker: WorkerProcess;
  readonly sinceMs: number;
  /** Resolves once all signals are sent. */
  readonly done: Promise<void>;
}

/** The first one comes at once, the others at random moments. */
function planSignals(random: () => number): Sent[] {
  const count = 2 + Math.floor((MOST_SIGNALS - 1) * random());
  return Array.from({ length: count }, (_, index) => ({
    signal: oneOf(random, ['SIGTERM', 'SIGINT', 'SIGHUP']),
    toGroup: random() < 0.5,
    afterMs: index === 0 ? 0 : SIGNALS_WITHIN_MS * random(),
  }));
}

async function send(worker: WorkerProcess, plan: readonly Sent[]): Promise<void> {
  const sendOne = async ({ signal, toGroup, afterMs }: Sent) => {
    await wait(afterMs);
    if (worker.isAlive()) worker[toGroup ? 'killGroup' : 'kill'](signal);
  };
  await Promise.all(plan.map(sendOne));
}

async function problemsOfLeaving({ worker, sinceMs, done }: Leaving): Promise<string[]> {
  await done;
  const leftMs = GRACE_S * 1000 - (performance.now() - sinceMs);
  const hasLeft = await Promise.race([worker.exited.then(() => true), wait(Math.max(0, leftMs), false)]);
  return hasLeft ? [] : [`the worker has not left within ${GRACE_S} s`];
}
