import { statusOf } from './storeErrors.ts';

const OWNER = 'owner';

/** Small objects beside an object that is not complete. They throw errors that storeErrors.ts can read. */
export interface SideObjects {
  put(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  get(name: string, signal: AbortSignal): Promise<Buffer>;
  /** The names of all of them but the owner, in order. */
  names(signal: AbortSignal): Promise<string[]>;
  remove(names: readonly string[], signal: AbortSignal): Promise<void>;
  /** The token of the process that has taken the upload over last; null if none has, or they were all removed. */
  owner(signal: AbortSignal): Promise<string | null>;
  tellOwner(token: string, signal: AbortSignal): Promise<void>;
  /** Removes them all, the owner last. */
  removeAll(signal: AbortSignal): Promise<void>;
}

/** The requests that write, read, list and remove objects of one folder, as a store has them. */
export interface FolderRequests {
  put(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  get(name: string, signal: AbortSignal): Promise<Buffer>;
  names(signal: AbortSignal): Promise<string[]>;
  /** What is not there is removed already. */
  remove(names: readonly string[], signal: AbortSignal): Promise<void>;
}

export function sideObjects({ put, get, names: allNames, remove }: FolderRequests): SideObjects {
  const names = async (signal: AbortSignal) =>
    (await allNames(signal)).filter((name) => name !== OWNER).sort();
  return {
    put,
    get,
    names,
    remove,
    owner: async (signal) => {
      try {
        return (await get(OWNER, signal)).toString();
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    },
    tellOwner: (token, signal) => put(OWNER, Buffer.from(token), signal),
    removeAll: async (signal) => {
      await remove(await names(signal), signal);
      await remove([OWNER], signal);
    },
  };
}
