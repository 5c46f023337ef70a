import { setTimeout as wait } from 'node:timers/promises';
import type { OutputRequest, RecordingRequest } from '../shared/request/recordingRequest.ts';
import type { Cleanup } from './cleanup.ts';
import type { Outputs } from './outputs/createOutputs.ts';
import { resumeOutputs } from './outputs/openOutputs.ts';
import type { Journal } from './recording/journal.ts';
import type { ManifestStore } from './recording/keepManifest.ts';
import { OutOfReachError } from './storage/outOfReachError.ts';
import type { Sink, Storage, StoredFile, UnfinishedFile } from './storage/storage.ts';

/** A file that has only to be delivered is waited for as long as any delivery. */
const GIVE_UP_MS = 24 * 60 * 60_000;
const PAUSE_MS = 20_000;

interface ResumeDeps {
  readonly journal: Pick<Journal, 'goOn' | 'warn'>;
  readonly openStorage: (
    output: Pick<OutputRequest, 'storage' | 'backup' | 'recipients'>,
  ) => Promise<Storage>;
  readonly manifest: Pick<ManifestStore, 'given'>;
  /** Aborted once another worker has the recording. */
  readonly lost: AbortSignal;
}

/**
 * Goes on with the files of another worker, and with what it has noted. Resolves to null if there is none, or if the
 * call goes on and none of its files can be reached: then new ones begin, and a warning says so. Whoever has stopped the
 * recording wants its files, so they are waited for all the same; a worker that leaves leaves them to the next one.
 */
export async function resumeFiles(
  request: RecordingRequest,
  { journal, openStorage, manifest: { given }, lost }: ResumeDeps,
  cleanup: Cleanup,
): Promise<Outputs | null> {
  if (given === null) return null;
  const giveUpAtMs = performance.now() + (given.ended ? GIVE_UP_MS : 0);
  const resume = async (file: UnfinishedFile, output: OutputRequest) => {
    const storage = await openStorage(output);
    for (;;) {
      try {
        return await resumeOne(storage, file);
      } catch (error) {
        const mayPass = error instanceof OutOfReachError && error.mayPass;
        if (!mayPass || lost.aborted || performance.now() >= giveUpAtMs) throw error;
        await wait(PAUSE_MS, undefined, { signal: lost }).catch(() => {});
      }
    }
  };
  try {
    const outputs = await resumeOutputs(request, given.outputs, resume, cleanup);
    journal.goOn(given);
    return outputs;
  } catch (error) {
    if (!(error instanceof OutOfReachError) || given.ended) {
      journal.goOn(given);
      throw error;
    }
    const message = `${error.message}, so a new file begins`;
    journal.warn({ code: 'attempt_failed', message, at_s: null });
    return null;
  }
}

/** The worker of a file may have been lost after it had stored it, and before it could note that. */
async function resumeOne(storage: Storage, file: UnfinishedFile): Promise<Sink | StoredFile> {
  try {
    return await storage.resume(file);
  } catch (error) {
    const stored = await storage.stored(file).catch(() => null);
    if (stored) return stored;
    throw error;
  }
}
