import type { LayoutRequest } from '../../shared/layout/layoutRequest.ts';
import { isLater } from '../isLater.ts';
import { type ChangeableLayout, createLayoutInUse, type KeptLayout } from './layoutInUse.ts';

interface Told {
  /** What an earlier worker of the recording has kept; null where nothing was changed, or nobody knows. */
  readonly kept: KeptLayout | null;
  /** Calls the listener with each change that was sent so far, and from now on, and with the id of its command. */
  readonly onLayoutChange: (listener: (change: unknown, command: string) => void) => void;
  /** Is told why a change was not made. */
  readonly refused: (error: unknown) => void;
}

/**
 * The layout of a job with everything that its recording was told of it, now and later. What was kept may be newer than
 * the commands: Redis may have lost them, or the last of them.
 */
export function toldLayout(first: LayoutRequest, { kept, onLayoutChange, refused }: Told): ChangeableLayout {
  const inUse = beginWith(first, kept, refused);
  let known = inUse.toKeep()?.command ?? null;
  onLayoutChange((change, command) => {
    if (known !== null && !isLater(command, known)) return;
    try {
      inUse.change(change, command);
    } catch (error) {
      refused(error);
    }
  });
  known = null; // what comes from now on is new, also from another Redis whose clock is behind
  return inUse;
}

function beginWith(
  first: LayoutRequest,
  kept: KeptLayout | null,
  refused: Told['refused'],
): ChangeableLayout {
  try {
    return createLayoutInUse(first, kept);
  } catch (error) {
    refused(error);
    return createLayoutInUse(first);
  }
}
