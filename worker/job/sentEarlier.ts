import type { SentCommand } from '../control/commandStream.ts';
import { messageOf } from '../recordingError.ts';
import type { JobsOfWorker } from './jobsOfWorker.ts';

/** What was sent to a recording before this worker had to do with it. Later commands come by themselves. Never rejects. */
export async function sentEarlier(
  { commands, log }: Pick<JobsOfWorker, 'commands' | 'log'>,
  id: string,
): Promise<SentCommand[]> {
  return commands.pendingFor(id).catch((error) => {
    log.warn({ recordingId: id, reason: messageOf(error) }, 'commands sent earlier cannot be read');
    return [];
  });
}
