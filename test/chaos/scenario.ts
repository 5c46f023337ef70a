import type { World } from './openWorld.ts';
import type { Seen } from './recordThrough.ts';

/** One row of the table of promises. */
export interface Scenario {
  /** What `--only` names. */
  readonly name: string;
  readonly happens: string;
  readonly promise: string;
  /** At most this much of the call may be missing, in seconds. */
  readonly mostMissingS: number;
  /** The recording must go on this soon after the trouble, in seconds. */
  readonly goesOnWithinS: number;
  /**
   * Its figures say how fast a browser starts, or a worker has room, so no other play runs beside it. A second recording on
   * two cores would be seen in them.
   */
  readonly isAlone?: boolean;
  /** Plays it once. Each play gets numbers of its own. Throws where it could not be played. */
  run(world: World, random: () => number): Promise<Seen>;
}
