import { RecordingError } from '../recordingError.ts';
import type { Judge } from './snapshot.ts';

/** An ordinary page makes the browser send a hundredth of this. */
const MOST_SENT_MIB_PER_S = 16;

/** The page takes more of the machine than a recording may, and so from the recordings beside it. */
export const pageTooHeavy: Judge = ({ usage, usageLimits }) => {
  const { memoryMiB, cores, diskMiB, sentMiBPerS } = usage;
  if (memoryMiB > usageLimits.memoryMiB)
    throw tooHeavy(`${Math.round(memoryMiB)} MiB of memory`, `${usageLimits.memoryMiB} MiB`, 'MEMORY_MIB');
  if (diskMiB > usageLimits.diskMiB)
    throw tooHeavy(`${Math.round(diskMiB)} MiB of disk`, `${usageLimits.diskMiB} MiB`, 'DISK_MIB');
  if (cores > usageLimits.cores)
    throw tooHeavy(`${cores.toFixed(1)} cores over the last minute`, `${usageLimits.cores}`, 'CORES');
  if (sentMiBPerS > MOST_SENT_MIB_PER_S)
    throw new RecordingError(
      'page_too_heavy',
      `The page made its browser send ${Math.round(sentMiBPerS)} MiB a second to the worker, and more than ${MOST_SENT_MIB_PER_S} are not taken`,
    );
  return null;
};

function tooHeavy(used: string, most: string, setting: string): RecordingError {
  return new RecordingError(
    'page_too_heavy',
    `The browser with the page used ${used}, and more than ${most} is not allowed (COMPOSITOR_PAGE_${setting})`,
  );
}
