import type { Confirmed, Sink, Storage } from './storage.ts';

/**
 * A storage that completes no file before it is sure that the recording is this worker's. `confirmed` rejects where
 * another worker has it; everything is kept for that one then.
 */
export function storeWhileHeld(storage: Storage, confirmed: Confirmed): Storage {
  return {
    open: async (file) => completeWhileHeld(await storage.open(file), confirmed),
    resume: async (file) => completeWhileHeld(await storage.resume(file), confirmed),
    stored: storage.stored,
  };
}

function completeWhileHeld(sink: Sink, confirmed: Confirmed): Sink {
  return {
    ...sink,
    finish: async (ending) => {
      await confirmed().catch(async (error) => {
        await sink.close();
        throw error;
      });
      return sink.finish(ending, confirmed);
    },
  };
}
