import { fileTypeOf } from '../../shared/encoding/encodingProfile.ts';
import { groupByEncoding } from '../../shared/encoding/groupByEncoding.ts';
import type { OutputRequest, RecordingRequest } from '../../shared/request/recordingRequest.ts';
import type { Cleanup } from '../cleanup.ts';
import { createMovie } from '../movie/createMovie.ts';
import type { Movie, MovieOptions } from '../movie/movie.ts';
import { readMovie } from '../movie/readMovie.ts';
import { asRecordingError, RecordingError } from '../recordingError.ts';
import type { Sink, UnfinishedFile } from '../storage/storage.ts';
import { createOutputs, type Outputs, type UnfinishedOutput } from './createOutputs.ts';
import { encodingGroup } from './encodingGroup.ts';
import type { Output } from './output.ts';

/** What of a request decides about its files. */
export type FilesRequest = Pick<RecordingRequest, 'outputs' | 'audioOnly' | 'picture' | 'limits'>;

/**
 * Opens every output of a recording. Outputs with the same encoding share one encoder, whose bytes go to each
 * of them. An output that fails, now or later, does not harm the others. If all have failed, this throws, and
 * later so does their writer. The cleanup drops every output that was not finished or closed.
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
 * as `unfinished`. An output that had failed stays failed, but keeps what it holds. Throws as openOutputs does.
 */
export async function resumeOutputs(
  request: FilesRequest,
  unfinished: readonly UnfinishedOutput[],
  resume: (file: UnfinishedFile, request: OutputRequest, index: number) => Promise<Sink>,
  cleanup: Cleanup,
): Promise<Outputs> {
  const opened = await Promise.all(
    request.outputs.map(async (output, index) => {
      const known = unfinished.find(({ name }) => name === output.name);
      const file = known?.file ?? null;
      const failure = known?.failure && new RecordingError(known.failure.code, known.failure.message);
      const open = async () => {
        if (file) return resume(file, output, index);
        throw failure ?? new RecordingError('storage_failed', `the output ${output.name} was never opened`);
      };
      const one = await openOne(output, open, cleanup);
      return { ...one, failure: failure ?? one.failure };
    }),
  );
  return joinOutputs(request, opened, resumeMovie);
}

interface Opened {
  readonly request: OutputRequest;
  readonly sink: Sink | null;
  readonly failure: RecordingError | null;
}

async function openOne(request: OutputRequest, open: () => Promise<Sink>, cleanup: Cleanup): Promise<Opened> {
  try {
    const sink = await open();
    cleanup.defer(`drop the unfinished output ${request.name}`, () => sink.abort());
    return { request, sink, failure: null };
  } catch (error) {
    return { request, sink: null, failure: asRecordingError(error, 'storage_failed') };
  }
}

async function joinOutputs(
  request: FilesRequest,
  opened: readonly Opened[],
  openMovie: (options: MovieOptions, group: readonly Opened[]) => Promise<Movie>,
): Promise<Outputs> {
  const failure = opened[0]?.failure;
  if (failure && opened.every((one) => one.failure)) throw failure;
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
  const inOrder = request.outputs.map(({ name }) => all.find((one) => one.request.name === name) as Output);
  return createOutputs(inOrder, groups);
}

/**
 * Reads what the files of an encoding hold, and cuts off what is incomplete in one of them. What has left this
 * machine cannot be cut off, and is left out of the movie instead.
 */
async function resumeMovie(options: MovieOptions, group: readonly Opened[]): Promise<Movie> {
  const sinks = group.flatMap(({ sink, failure }) => (sink && !failure ? [sink] : []));
  const movies = await Promise.all(sinks.map((sink) => readMovie(sink.localPath, options)));
  const [shortest] = movies.toSorted((a, b) => a.sizeBytes() - b.sizeBytes());
  if (!shortest) return createMovie(options);
  const settledBytes = Math.max(...sinks.map((sink) => sink.settledBytes));
  const pieces = settledBytes > shortest.sizeBytes() ? shortest.skipTo(settledBytes) : [];
  await Promise.all(
    sinks.map(async (sink) => {
      await sink.truncate(shortest.sizeBytes());
      for (const { bytes, position, headerBytes } of pieces) await sink.write(bytes, position, headerBytes);
    }),
  );
  return shortest;
}

function createOutput(
  { request, sink, failure: given }: Opened,
  mediaType: string,
  movie: Movie,
  options: MovieOptions,
): Output {
  let failure = given;
  return {
    request,
    mediaType,
    sink,
    failure: () => failure,
    fail: (error) => {
      failure ??= asRecordingError(error, 'storage_failed');
      return failure;
    },
    finish: async () => {
      if (sink === null) throw failure;
      // An output that has failed holds less than the others of its encoding, and a piece may be incomplete.
      const own = failure ? await readMovie(sink.localPath, options) : movie;
      if (failure || own.sizeBytes() < sink.sizeBytes()) await sink.truncate(own.sizeBytes());
      return sink.finish(own.ending());
    },
  };
}
