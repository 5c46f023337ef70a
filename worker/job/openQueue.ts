import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { PauseMode } from '../../shared/events/recordingEvents.ts';
import { type RecordingCommand, sendCommand } from '../control/commandStream.ts';
import { askForPicture } from '../control/pictures.ts';

/** The queue of the workers, as somebody sees it who only puts jobs on it. */
export interface OpenQueue {
  readonly queue: Queue;
  /** Whether a job of this id is on the queue and not over. */
  has(jobId: string): Promise<boolean>;
  /** Asks the worker that has the recording, or takes it later, to end it. False if it is not on the queue. */
  stop(jobId: string): Promise<boolean>;
  /** Asks likewise to change its layout. Later changes come on top of earlier ones. False if it is not on the queue. */
  changeLayout(jobId: string, change: unknown): Promise<boolean>;
  /** Asks likewise to pause it, in this way, or to go on where that is null. False if it is not on the queue. */
  pause(jobId: string, mode: PauseMode | null): Promise<boolean>;
  /** The picture of now of a running recording, as a JPEG; null where there is none. */
  picture(jobId: string): Promise<Uint8Array | null>;
  close(): Promise<void>;
}

/** Opens the queue once for many jobs. The connection stays open when it is closed. */
export function openQueue(redis: Redis, queueName: string): OpenQueue {
  const queue = new Queue(queueName, { connection: redis });
  // A lost connection is made again by itself, and every command that fails tells its caller.
  queue.on('error', () => {});

  async function has(jobId: string): Promise<boolean> {
    return !['unknown', 'completed', 'failed'].includes(await queue.getJobState(jobId));
  }

  async function tell(recordingId: string, command: RecordingCommand): Promise<boolean> {
    if (!(await has(recordingId))) return false;
    await sendCommand(redis, queueName, { recordingId, command });
    return true;
  }

  return {
    queue,
    has,
    stop: (recordingId) => tell(recordingId, { type: 'stop' }),
    changeLayout: (recordingId, change) => tell(recordingId, { type: 'change_layout', change }),
    pause: (recordingId, mode) =>
      tell(recordingId, mode === null ? { type: 'resume' } : { type: 'pause', mode }),
    picture: (recordingId) => askForPicture(redis, queueName, recordingId),
    close: () => queue.close(),
  };
}
