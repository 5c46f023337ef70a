import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { PauseMode } from '../../shared/events/recordingEvents.ts';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import { questionsOf } from './pictures.ts';

/** What a running recording can be told to do. `change` is judged by the worker, which has the layout that it changes. */
export type RecordingCommand =
  | { readonly type: 'stop' }
  | { readonly type: 'change_layout'; readonly change: unknown }
  /** One that is paused already stays as it is, and so does one that is not paused and is to go on. */
  | { readonly type: 'pause'; readonly mode: PauseMode }
  | { readonly type: 'resume' };

const TYPES: readonly unknown[] = [
  'stop',
  'change_layout',
  'pause',
  'resume',
] satisfies RecordingCommand['type'][];

/** A command that was sent. Its id is its position in the stream. */
export interface SentCommand {
  readonly id: string;
  readonly recordingId: string;
  readonly command: RecordingCommand;
}

/** Commands for jobs that no worker ever took are dropped after this time. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
/**
 * How long one read waits for a new command, when a connection on which nothing comes is made again, and how long to wait
 * after a failed read.
 */
const BLOCK_MS = 5_000;
const SILENT_MS = 8_000;
const AFTER_ERROR_MS = 500;

/** All commands of a queue are in one Redis stream, so two queues on one Redis never mix up equal job ids. */
const streamOf = (queueName: string) => `call-compositor:${queueName}:commands`;

/** Keeps a command until it is done. The worker that has the recording, or takes it later, carries it out. */
export async function sendCommand(
  redis: Redis,
  queueName: string,
  { recordingId, command }: Omit<SentCommand, 'id'>,
): Promise<void> {
  const oldest = Date.now() - KEPT_MS;
  const fields = ['recording', recordingId, 'command', JSON.stringify(command)];
  await redis.xadd(streamOf(queueName), 'MINID', '~', oldest, '*', ...fields);
}

/** Deletes every command of a queue that is no longer used. */
export async function forgetCommands(redis: Redis, queueName: string): Promise<void> {
  await redis.del(streamOf(queueName), questionsOf(queueName));
}

/** The commands of a queue, as one worker sees them. */
export interface CommandStream {
  /** The commands that were sent to a recording and are not done yet, oldest first. */
  pendingFor(recordingId: string): Promise<SentCommand[]>;
  /** Removes every command to this recording, because the recording is over. */
  forget(recordingId: string): Promise<void>;
  close(): void;
}

/**
 * Passes every command sent from now on to `onCommand`, whichever recording it is for. Earlier commands are
 * read with `pendingFor` once their recording runs here. A lost connection is made again, and every command that is not
 * done is then passed once more, so no command is missed. `onPictureAsked` is told of each recording whose picture somebody
 * wants now; what was asked while this worker could not be reached is not.
 */
export async function followCommands(
  redis: Redis,
  queueName: string,
  onCommand: (command: SentCommand) => void,
  log: Logger,
  onPictureAsked: (recordingId: string) => void = () => {},
): Promise<CommandStream> {
  const stream = streamOf(queueName);
  const questions = questionsOf(queueName);
  const newest = await newestIn(redis, stream);
  let lastQuestion = await newestIn(redis, questions);
  // The reader needs a connection of its own, because a read that waits blocks the connection.
  const reader = redis.duplicate({ socketTimeout: SILENT_MS }).on('error', () => {});
  let isClosed = false;
  void follow(newest);

  async function follow(after: string): Promise<void> {
    let last = after;
    let wasAway = false;
    reader.on('close', () => {
      wasAway = true;
    });
    while (!isClosed) {
      try {
        // Redis may be another one by now whose clock is behind, so that newer commands have lower ids.
        if (wasAway) [last, lastQuestion] = ['0', await newestIn(reader, questions)];
        wasAway = false;
        const after = [stream, questions, last, lastQuestion] as const;
        const read = await reader.xread('COUNT', 100, 'BLOCK', BLOCK_MS, 'STREAMS', ...after);
        for (const [name, entries] of read ?? [])
          for (const [id, fields] of entries) {
            if (name === questions) {
              lastQuestion = id;
              onPictureAsked(String(fields[1]));
              continue;
            }
            last = id;
            const sent = parseEntry(id, fields);
            if (sent) onCommand(sent);
          }
      } catch (error) {
        if (isClosed) return;
        log.warn({ reason: messageOf(error) }, 'commands cannot be read; the worker tries again');
        await wait(AFTER_ERROR_MS);
      }
    }
  }

  async function pendingFor(recordingId: string): Promise<SentCommand[]> {
    const entries = await redis.xrange(stream, '-', '+');
    const sent = entries.flatMap(([id, fields]) => parseEntry(id, fields) ?? []);
    return sent.filter((one) => one.recordingId === recordingId);
  }

  return {
    pendingFor,
    forget: async (recordingId) => {
      const ids = (await pendingFor(recordingId)).map(({ id }) => id);
      if (ids.length > 0) await redis.xdel(stream, ...ids);
    },
    close: () => {
      isClosed = true;
      reader.disconnect();
    },
  };
}

async function newestIn(redis: Redis, stream: string): Promise<string> {
  const [newest] = await redis.xrevrange(stream, '+', '-', 'COUNT', 1);
  return newest?.[0] ?? '0';
}

/** Returns null if the entry is not one of our commands. */
function parseEntry(id: string, fields: readonly string[]): SentCommand | null {
  const values = new Map(
    Array.from({ length: fields.length / 2 }, (_, n) => [fields[2 * n], fields[2 * n + 1]]),
  );
  const recordingId = values.get('recording');
  try {
    const command = JSON.parse(values.get('command') ?? '') as RecordingCommand;
    return recordingId !== undefined && TYPES.includes(command.type) ? { id, recordingId, command } : null;
  } catch {
    return null;
  }
}
