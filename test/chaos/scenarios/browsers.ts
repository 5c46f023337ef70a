import { processesInUse } from '../inUse.ts';
import { recordThrough } from '../recordThrough.ts';
import type { Scenario } from '../scenario.ts';
import type { Order } from '../serveWitness.ts';
import { signalTo } from '../startWorkerProcess.ts';

/** The worker's promise for a browser or a page that is lost, in seconds. */
const BACK_WITHIN_S = 3;
/** What was recorded just before may be lost as well. */
const MOST_LOST_BEFORE_S = 1;
/** After this long a page that does not answer counts as hung, and one that has lost its content as lost. */
const HUNG_AFTER_S = 10;
const EMPTY_AFTER_S = 4;

/** A browser, or what runs in it, is lost. `kind` is a kind of process (see kindOf). */
export const BROWSERS: readonly Scenario[] = [
  processKilled('browser-killed', 'browser', 'The browser is killed.'),
  processKilled('recorder-page-killed', 'recorder page', 'The recorder page is killed.'),
  processKilled('gpu-killed', 'gpu-process', 'The GPU process is killed.'),
  processKilled('page-crashed', 'recorded page', 'The recorded page crashes: its process is killed.'),
  pageDoes('page-left', 'leave', 'The recorded page goes to another page.'),
  pageDoes(
    'page-emptied',
    'lose everything',
    'The recorded page loses its content by an exception.',
    EMPTY_AFTER_S,
  ),
  pageDoes('page-hung', 'hang', 'The recorded page hangs.', HUNG_AFTER_S),
];

function processKilled(name: string, kind: string, happens: string): Scenario {
  return {
    name,
    happens,
    promise: `The recording goes on within ${BACK_WITHIN_S} s.`,
    mostMissingS: BACK_WITHIN_S + MOST_LOST_BEFORE_S,
    goesOnWithinS: BACK_WITHIN_S,
    isAlone: true,
    run: async (world, random) => {
      const worker = await world.startWorker();
      return recordThrough(world, random, {
        make: async () => {
          for (const pid of processesInUse(worker, kind)) signalTo(pid, 'SIGKILL');
        },
      });
    },
  };
}

function pageDoes(name: string, order: Order, happens: string, noticedAfterS = 0): Scenario {
  const noticed = noticedAfterS > 0 ? `It is noticed after ${noticedAfterS} s. ` : '';
  return {
    name,
    happens,
    promise: `${noticed}The page is loaded anew, and the recording goes on within ${BACK_WITHIN_S} s.`,
    mostMissingS: noticedAfterS + BACK_WITHIN_S + MOST_LOST_BEFORE_S,
    goesOnWithinS: noticedAfterS + BACK_WITHIN_S,
    isAlone: true,
    run: async (world, random) => {
      await world.startWorker();
      return recordThrough(world, random, {
        goOnS: noticedAfterS + 8,
        isPagesOwn: true,
        make: async () => world.witness.order(order),
      });
    },
  };
}
