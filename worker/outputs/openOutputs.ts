import { type EncodingProfile, fileTypeOf } from '../../shared/encoding/encodingProfile.ts';
import { groupByEncoding } from '../../shared/encoding/groupByEncoding.ts';
import type { OutputRequest } from '../../shared/request/recordingRequest.ts';
import type { ByteWriter } from '../capture/openCapture.ts';
import type { Cleanup } from '../cleanup.ts';
import { asRecordingError, type RecordingError } from '../recordingError.ts';
import type { Sink } from '../storage/storage.ts';

/** One output of a recording: what was asked for, and where it is written. */
export interface Output {
  readonly request: OutputRequest;
  readonly mediaType: string;
  /** null if its storage could not be opened. */
  readonly sink: Sink | null;
  /** Why this output has failed, or null. The others may go on. */
  failure(): RecordingError | null;
  /** Marks the output as failed. Returns the error, or the earlier one if it had failed before. */
  fail(error: unknown): RecordingError;
}

export interface Outputs {
  readonly all: readonly Output[];
  /** Every different encoding that is needed, and the writer that takes its bytes. */
  readonly encodings: readonly EncodingProfile[];
  readonly writers: readonly ByteWriter[];
  /** Which encoding this output is made of, as an index into the list. */
  encodingIndexOf(output: Output): number;
  /** Takes for each encoding the reason why it has failed, if it has. Its outputs have then failed as well. */
  noteFailures(ofEncodings: readonly (RecordingError | null)[]): void;
  /** Outputs that have failed since this was asked before. None while all have: that is the recording's own failure. */
  newFailures(): readonly Output[];
  /** Of all outputs together. */
  sizeBytes(): number;
}

/**
 * Opens every output of a recording. Outputs with the same encoding share one encoder, whose bytes go to each
 * of them. An output that fails, now or later, does not harm the others. If all have failed, this throws, and
 * later so does their writer. The cleanup drops every output that was not finished.
 */
export async function openOutputs(
  requests: readonly OutputRequest[],
  open: (request: OutputRequest, index: number) => Promise<Sink>,
  audioOnly: boolean,
  cleanup: Cleanup,
): Promise<Outputs> {
  const all = await Promise.all(
    requests.map((request, index) => openOne(request, () => open(request, index), audioOnly, cleanup)),
  );
  const [first] = all;
  const failure = first?.failure();
  if (failure && all.every((output) => output.failure())) throw failure;
  const told = new Set<Output>();
  const groups = groupByEncoding(all, ({ request }) => request.encoding);
  return {
    all,
    encodings: groups.map(([output]) => (output as Output).request.encoding),
    writers: groups.map(writeToEach),
    encodingIndexOf: (output) => groups.findIndex((group) => group.some((one) => one === output)),
    noteFailures: (ofEncodings) => {
      ofEncodings.forEach((failure, index) => {
        if (failure) for (const output of groups[index] ?? []) output.fail(failure);
      });
    },
    newFailures: () => {
      if (all.every((output) => output.failure() !== null)) return [];
      const failed = all.filter((output) => output.failure() !== null && !told.has(output));
      for (const output of failed) told.add(output);
      return failed;
    },
    sizeBytes: () => all.reduce((sum, { sink }) => sum + (sink?.sizeBytes() ?? 0), 0),
  };
}

async function openOne(
  request: OutputRequest,
  open: () => Promise<Sink>,
  audioOnly: boolean,
  cleanup: Cleanup,
): Promise<Output> {
  let failure: RecordingError | null = null;
  const fail = (error: unknown) => {
    failure ??= asRecordingError(error, 'storage_failed');
    return failure;
  };
  const { mediaType } = fileTypeOf(request.encoding, audioOnly);
  const output = { request, mediaType, failure: () => failure, fail };
  try {
    const sink = await open();
    cleanup.defer(`drop the unfinished output ${request.name}`, () => sink.abort());
    return { ...output, sink };
  } catch (error) {
    fail(error);
    return { ...output, sink: null };
  }
}

/** A writer fails only when none of its outputs takes bytes any more. */
function writeToEach(outputs: readonly Output[]): ByteWriter {
  return {
    write: async (bytes, position) => {
      const alive = outputs.filter((output) => output.failure() === null);
      await Promise.all(
        alive.map((output) => output.sink?.write(bytes, position).catch((error) => output.fail(error))),
      );
      const [first] = outputs;
      const failure = first?.failure();
      if (failure && outputs.every((output) => output.failure())) throw failure;
    },
  };
}
