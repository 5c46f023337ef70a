import { hostname } from 'node:os';
import type { Redis } from 'ioredis';
import type { RecordingRecord, RecordStore } from '../records/recordStore.ts';

/** What of a manifest is needed to find the files that it names. */
export interface NamedFiles {
  readonly recordingId: string;
  readonly outputs: readonly { readonly file: NamedFile | null }[];
}

export interface NamedFile {
  readonly partPath?: string;
  /** The host name of the machine that has the file. */
  readonly machine?: string;
  /** Where the file is to be stored, if that is a bucket. */
  readonly location?: string;
}

/** What Redis knows of the recordings of one queue. */
export interface QueueView {
  /** Whether somebody works on the recording, or will: it has a lease, or its job is on the queue. */
  isAlive(recordingId: string): Promise<boolean>;
  /** The manifests, by their keys. */
  manifests(): Promise<ReadonlyMap<string, NamedFiles>>;
  /** Deletes a manifest, unless its recording has a lease by now. */
  forgetManifest(key: string): Promise<void>;
  records(): Promise<RecordingRecord[]>;
  /** null if no worker of this queue has told of the recording within the last 7 days. */
  record(recordingId: string): Promise<RecordingRecord | null>;
  /** Takes an orphan for two minutes, so that two workers do not put the same one right. False where another has it. */
  take(place: string): Promise<boolean>;
}

/** KEYS: manifest, leases. ARGV: recording. */
const FORGET_MANIFEST = `
if redis.call('hexists', KEYS[2], ARGV[1]) == 0 then redis.call('del', KEYS[1]) end`;
const PAGE = 200;
const TAKEN_FOR_S = 120;

export function queueView(
  redis: Redis,
  queueName: string,
  { store, isOnQueue }: { store: RecordStore; isOnQueue: (recordingId: string) => Promise<boolean> },
): QueueView {
  const prefix = `call-compositor:${queueName}`;
  return {
    isAlive: async (id) => (await redis.hexists(`${prefix}:leases`, id)) === 1 || isOnQueue(id),
    record: store.get,
    forgetManifest: async (key) => {
      const id = key.slice(`${prefix}:manifest:`.length);
      await redis.eval(FORGET_MANIFEST, 2, key, `${prefix}:leases`, id);
    },
    manifests: async () => {
      const keys = await scan(redis, `${prefix}:manifest:*`);
      const texts = keys.length === 0 ? [] : await redis.mget(keys);
      return new Map(keys.flatMap((key, at) => withManifest(key, texts[at] ?? null)));
    },
    records: async () => {
      const all: RecordingRecord[] = [];
      for (let offset = 0; ; offset += PAGE) {
        const page = await store.list({ offset, limit: PAGE });
        all.push(...page);
        if (page.length === 0) return all;
      }
    },
    take: async (place) =>
      (await redis.set(`${prefix}:orphan:${place}`, hostname(), 'EX', TAKEN_FOR_S, 'NX')) === 'OK',
  };
}

function withManifest(key: string, text: string | null): [string, NamedFiles][] {
  const manifest = text === null ? null : readManifest(text);
  return manifest === null ? [] : [[key, manifest]];
}

/** Returns null where a text is no manifest of ours. */
export function readManifest(text: string): NamedFiles | null {
  try {
    const manifest = JSON.parse(text);
    return typeof manifest.recordingId === 'string' && Array.isArray(manifest.outputs) ? manifest : null;
  } catch {
    return null;
  }
}

/** The characters that a pattern of Redis gives a meaning are taken as they are. */
async function scan(redis: Redis, pattern: string): Promise<string[]> {
  const literal = pattern.slice(0, -1).replace(/[\\[\]*?^]/g, '\\$&');
  const keys = new Set<string>();
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', `${literal}*`, 'COUNT', 1_000);
    for (const key of found) keys.add(key);
    cursor = next;
  } while (cursor !== '0');
  return [...keys];
}
