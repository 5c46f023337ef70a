import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import pTimeout from 'p-timeout';
import type { Logger } from '../log.ts';
import { messageOf } from '../recordingError.ts';
import type { WorkerNote, WorkerRegistry } from './workerRegistry.ts';

/** Several of them fit into the time after which a worker is forgotten. */
const BEAT_MS = 2_000;
/** A worker that leaves does not wait longer for a Redis that does not answer: it is forgotten by itself then. */
const FORGET_LIMIT_MS = 500;

/** A worker that everybody can see who asks for the workers of the queue. */
export interface RegisteredWorker {
  /** The same job, noted as one of this worker for as long as it runs. */
  noted<Job extends { run(): Promise<unknown> }>(id: string, job: Job): Job;
  /** Notes that it takes no more jobs. */
  leaving(): void;
  /** Removes it from the workers. Never rejects. */
  close(): Promise<void>;
}

/** Notes this worker at once, with every beat, and whenever its recordings change. */
export function registerWorker(given: {
  readonly registry: WorkerRegistry;
  readonly concurrency: number | null;
  /** What is left for further recordings at this moment. */
  readonly room: () => WorkerNote['room'];
  readonly log: Logger;
}): RegisteredWorker {
  const { registry, concurrency, room, log } = given;
  const of = { id: randomUUID(), version: ownVersion(), host: hostname(), concurrency };
  const startedAt = new Date().toISOString();
  const recordings = new Set<string>();
  let isLeaving = false;
  let isClosed = false;
  let writing: Promise<void> | null = null;
  let isOutdated = false;
  let wasAway = false;

  /** One at a time: a Redis that is away must not find a pile of old notes when it comes back. */
  function note(): void {
    isOutdated = true;
    writing ??= write().finally(() => {
      writing = null;
    });
  }

  async function write(): Promise<void> {
    while (isOutdated && !isClosed) {
      isOutdated = false;
      try {
        await registry.note({ ...of, startedAt, recordings: [...recordings], isLeaving, room: room() });
        wasAway = false;
      } catch (error) {
        if (!wasAway) log.warn({ reason: messageOf(error) }, 'the worker cannot be noted; it tries again');
        wasAway = true;
      }
    }
  }

  const timer = setInterval(note, BEAT_MS);
  timer.unref();
  note();
  return {
    noted: (id, job) => ({
      ...job,
      run: async () => {
        recordings.add(id);
        note();
        try {
          return await job.run();
        } finally {
          recordings.delete(id);
          note();
        }
      },
    }),
    leaving: () => {
      isLeaving = true;
      note();
    },
    close: async () => {
      isClosed = true;
      clearInterval(timer);
      const forget = async () => {
        await writing;
        await registry.forget(of.id);
      };
      await pTimeout(forget(), { milliseconds: FORGET_LIMIT_MS }).catch(() => {});
    },
  };
}

/** The package finds itself by its name, from the sources and from what is built. */
function ownVersion(): string {
  return createRequire(import.meta.url)('call-compositor/package.json').version;
}
