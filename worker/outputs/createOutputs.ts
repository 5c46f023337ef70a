import type { EncodingProfile } from '../../shared/encoding/encodingProfile.ts';
import type { ErrorCode } from '../../shared/events/errorCodes.ts';
import type { ByteWriter } from '../capture/openCapture.ts';
import type { Written } from '../movie/movie.ts';
import type { RecordingError } from '../recordingError.ts';
import type { UnfinishedFile } from '../storage/storage.ts';
import type { EncodingGroup } from './encodingGroup.ts';
import type { Output, StoredOutput } from './output.ts';

/** What a manifest says of one output. */
export interface UnfinishedOutput {
  readonly name: string;
  /** null if its storage could not be opened. */
  readonly file: UnfinishedFile | null;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
  /** Not null once the file is stored, so that a later worker has nothing to do with it. */
  readonly stored: StoredOutput | null;
}

export interface Outputs {
  readonly all: readonly Output[];
  /** Every different encoding that is needed. */
  readonly encodings: readonly EncodingProfile[];
  /**
   * Writers for the next segment, one for each encoding: each takes the bytes of one recorder page's file from
   * position 0 on. What the segment before left incomplete is dropped, and its writers fail from now on.
   */
  beginSegment(): readonly ByteWriter[];
  /**
   * For each encoding: up to which second of the timeline its file has pictures and sound (the end of its last
   * complete fragment), and how many pictures it holds.
   */
  writtenUntil(): readonly Written[];
  /**
   * The same for the next segment. An encoding whose outputs have all failed counts as written as far as any other,
   * because the sound of all encodings is brought to the same length.
   */
  goesOnFrom(): readonly Written[];
  /** Which encoding this output is made of, as an index into the list. */
  encodingIndexOf(output: Output): number;
  /** Takes for each encoding the reason why it has failed, if it has. Its outputs have then failed as well. */
  noteFailures(ofEncodings: readonly (RecordingError | null)[]): void;
  /** Outputs that have failed since this was asked before. None while all have: that is the recording's own failure. */
  newFailures(): readonly Output[];
  /** Of all outputs together. */
  sizeBytes(): number;
  /** For the manifest, in the order of the job's outputs. */
  unfinished(): readonly UnfinishedOutput[];
  /** Writes the manifest next to the bytes of every output. Throws storage_failed if none could take it. */
  keepManifest(manifest: object): Promise<void>;
  /** The writers take nothing more. Resolves once everything that they took is written. */
  endSegment(): Promise<void>;
  /** Stops writing and keeps everything, for the worker that goes on. */
  close(): Promise<void>;
}

/** Joins outputs, which are made of these groups. */
export function createOutputs(all: readonly Output[], groups: readonly EncodingGroup[]): Outputs {
  const told = new Set<Output>();
  const endSegment = async () => {
    await Promise.all(groups.map((group) => group.endSegment()));
  };
  return {
    all,
    encodings: groups.map(({ encoding }) => encoding),
    beginSegment: () => groups.map((group) => group.beginSegment()),
    writtenUntil: () => groups.map((group) => group.written()),
    goesOnFrom: () => goesOnFrom(groups),
    encodingIndexOf: (output) => groups.findIndex(({ outputs }) => outputs.includes(output)),
    noteFailures: (ofEncodings) => {
      ofEncodings.forEach((failure, index) => {
        if (failure) for (const output of groups[index]?.outputs ?? []) output.fail(failure);
      });
    },
    newFailures: () => {
      if (all.every((output) => output.failure() !== null)) return [];
      const failed = all.filter((output) => output.failure() !== null && !told.has(output));
      for (const output of failed) told.add(output);
      return failed;
    },
    sizeBytes: () => groups.reduce((sum, group) => sum + group.heldBytes(), 0),
    unfinished: () => all.map(unfinishedOutput),
    keepManifest: (manifest) => keepManifest(all, manifest),
    endSegment,
    close: async () => {
      await endSegment();
      await Promise.all(all.map(({ sink }) => sink?.close()));
    },
  };
}

function goesOnFrom(groups: readonly EncodingGroup[]): Written[] {
  const isAlive = ({ outputs }: EncodingGroup) => outputs.some((output) => output.failure() === null);
  const alive = groups.filter(isAlive).map((group) => group.written());
  const longest = {
    videoS: Math.max(0, ...alive.map(({ videoS }) => videoS)),
    audioS: Math.max(0, ...alive.map(({ audioS }) => audioS)),
    frames: 0,
  };
  return groups.map((group) => (isAlive(group) ? group.written() : longest));
}

function unfinishedOutput(output: Output): UnfinishedOutput {
  const failure = output.failure();
  return {
    name: output.request.name,
    file: output.sink?.unfinished() ?? null,
    stored: output.stored(),
    failure: failure && { code: failure.code, message: failure.message },
  };
}

/**
 * One copy of the manifest is enough to go on, and a recording does not end because a copy is missing. None lies
 * beside a file that is stored.
 */
async function keepManifest(all: readonly Output[], manifest: object): Promise<void> {
  const unfinished = all.filter((output) => output.stored() === null);
  const kept = await Promise.allSettled(unfinished.map(({ sink }) => sink?.keepManifest(manifest)));
  const failed = kept.filter((one) => one.status === 'rejected');
  if (failed.length === kept.length && failed[0]) throw failed[0].reason;
}
