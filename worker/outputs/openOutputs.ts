import { fileTypeOf } from '../../shared/encoding/encodingProfile.ts';
import { groupByEncoding } from '../../shared/encoding/groupByEncoding.ts';
import type { OutputRequest, RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { Cleanup } from '../cleanup.ts';
import { createMovie } from '../movie/createMovie.ts';
import { holdsMedia, NOTHING_WRITTEN } from '../movie/holdsMedia.ts';
import type { Movie, MovieOptions } from '../movie/movie.ts';
import { asRecordingError, RecordingError } from '../recordingError.ts';
import type { Sink, StoredFile, UnfinishedFile } from '../storage/storage.ts';
import { createOutputs, type Outputs, type UnfinishedOutput } from './createOutputs.ts';
import { encodingGroup } from './encodingGroup.ts';
import type { Opened } from './opened.ts';
import type { Output, StoredOutput } from './output.ts';
import { readSink } from './readSink.ts';
import { resumeMovie } from './resumeMovie.ts';

/** What of a request decides about its files. */
export type FilesRequest = Pick<RecordingRequest, 'outputs' | 'audioOnly' | 'picture' | 'limits'>;

/**
 * Opens every output of a recording. Outputs with the same encoding share one encoder, whose bytes go to each
 * of them. An output that fails, now or later, does not harm the others. If all have failed, this throws, and
 * later so does their writer. Of the outputs that were not finished, the cleanup deletes only those that hold
 * neither pictures nor sound.
 */
export async function openOutputs(
  request: FilesRequest,
  open: (request: OutputRequest, index: number) => Promise<Sink>,
  cleanup: Cleanup,
): Promise<Outputs> {
  const opened = await Promise.all(
    request.outputs.map((output, index) => openOne(output, () => open(output, index), cleanup)),
  );
  return joinOutputs(request, opened, async (options) => createMovie(options));
}

/**
 * Goes on with the outputs of a recording that another process began. What a manifest says of them is given
 * as `unfinished`. An output that had failed stays failed, but keeps what it holds. One that is stored, by what the
 * manifest says or by what `resume` finds, is not opened. Throws as openOutputs does.
 */
export async function resumeOutputs(
  request: FilesRequest,
  unfinished: readonly UnfinishedOutput[],
  resume: (file: UnfinishedFile, request: OutputRequest, index: number) => Promise<Sink | StoredFile>,
  cleanup: Cleanup,
): Promise<Outputs> {
  const opened = await Promise.all(
    request.outputs.map(async (output, index) => {
      const known = unfinished.find(({ name }) => name === output.name);
      const file = known?.file ?? null;
      const failure = known?.failure && new RecordingError(known.failure.code, known.failure.message);
      const open = async () => {
        if (known?.stored) return known.stored;
        if (file) return resume(file, output, index);
        throw failure ?? new RecordingError('storage_failed', `the output ${output.name} was never opened`);
      };
      const one = await openOne(output, open, cleanup);
      one.failure = failure ?? one.failure;
      return one;
    }),
  );
  return joinOutputs(request, opened, resumeMovie);
}

async function openOne(
  request: OutputRequest,
  open: () => Promise<Sink | StoredFile | StoredOutput>,
  cleanup: Cleanup,
): Promise<Opened> {
  const none = { request, sink: null, failure: null, movie: null, stored: null };
  try {
    const sink = await open();
    if ('location' in sink) return { ...none, stored: { content: null, ...sink } };
    const one: Opened = { ...none, sink };
    cleanup.defer(`let go of the output ${request.name}`, () => letGo(one, sink));
    return one;
  } catch (error) {
    return { ...none, failure: asRecordingError(error, 'storage_failed') };
  }
}

/** Deletes an unfinished file only if it certainly holds nothing. What cannot be read may hold a recording. */
async function letGo({ movie }: Opened, sink: Sink): Promise<void> {
  const mayHoldMedia =
    sink.sizeBytes() > 0 &&
    (movie === null ||
      (await movie().then(
        (own) => holdsMedia(own.written()),
        () => true,
      )));
  await (mayHoldMedia ? sink.close() : sink.abort());
}

async function joinOutputs(
  request: FilesRequest,
  opened: readonly Opened[],
  openMovie: (options: MovieOptions, group: readonly Opened[]) => Promise<Movie>,
): Promise<Outputs> {
  refuseIfAllFailed(opened);
  const all: Output[] = [];
  const groups = [];
  for (const members of groupByEncoding(opened, (one) => one.request.encoding)) {
    const { encoding } = (members[0] as Opened).request;
    const options = {
      container: encoding.container,
      framesPerSecond: request.audioOnly ? 0 : request.picture.framesPerSecond,
      maxDurationS: request.limits.maxDurationS,
    };
    const movie = await openMovie(options, members);
    const { mediaType } = fileTypeOf(encoding, request.audioOnly);
    const outputs = members.map((one) => createOutput(one, mediaType, movie, options));
    groups.push(encodingGroup(encoding, outputs, movie));
    all.push(...outputs);
  }
  refuseIfAllFailed(opened);
  const inOrder = request.outputs.map(({ name }) => all.find((one) => one.request.name === name) as Output);
  return createOutputs(inOrder, groups);
}

function refuseIfAllFailed(opened: readonly Opened[]): void {
  const failure = opened[0]?.failure;
  if (failure && opened.every((one) => one.failure)) throw failure;
}

function createOutput(one: Opened, mediaType: string, movie: Movie, options: MovieOptions): Output {
  const { request, sink } = one;
  // An output that has failed holds less than the others of its encoding, and a piece may be incomplete.
  const ownMovie = async () => (sink && one.failure ? readSink(sink, options) : movie);
  one.movie = ownMovie;
  let { stored } = one;
  return {
    request,
    mediaType,
    sink,
    stored: () => stored,
    failure: () => one.failure,
    fail: (error) => {
      one.failure ??= asRecordingError(error, 'storage_failed');
      return one.failure;
    },
    written: async () => (sink && sink.sizeBytes() > 0 ? (await ownMovie()).written() : NOTHING_WRITTEN),
    finish: async (content) => {
      if (sink === null) throw one.failure;
      const own = await ownMovie();
      if (one.failure || own.sizeBytes() < sink.sizeBytes()) await sink.truncate(own.sizeBytes());
      stored = { ...(await sink.finish(own.ending())), content };
      return stored;
    },
  };
}
