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

/** How long a fragment of an MP4 is at most, in seconds. A cluster of a WebM is as long as its key frames say. */
const FRAGMENT_S = 1;

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
  return joinOutputs(request, opened, async (options, group) => ({ movie: createMovie(options), group }));
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
  openMovie: (options: MovieOptions, group: readonly Opened[]) => Promise<OpenedMovie>,
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
    const { movie, group } = await openMovie(options, members);
    const { mediaType } = fileTypeOf(encoding, request.audioOnly);
    const outputs = group.map((one) => createOutput(one, mediaType, movie, options));
    groups.push(encodingGroup(encoding, outputs, movie));
    all.push(...outputs);
  }
  const inOrder = request.outputs.map(({ name }) => all.find((one) => one.request.name === name) as Output);
  return createOutputs(inOrder, groups);
}

interface OpenedMovie {
  readonly movie: Movie;
  /** The outputs that hold it. More of them may have failed than before. */
  readonly group: readonly Opened[];
}

/**
 * Reads what the files of an encoding hold, and cuts off what is incomplete in one of them. A file that lacks
 * more than what is written at once was damaged. Its output fails, so that the others lose nothing.
 */
async function resumeMovie(options: MovieOptions, group: readonly Opened[]): Promise<OpenedMovie> {
  const read = await Promise.all(
    group.map(async (one) => {
      const movie = one.sink && !one.failure ? await readMovie(one.sink.localPath, options) : null;
      return { one, sink: one.sink, movie };
    }),
  );
  const lastS = Math.max(...read.map(({ movie }) => (movie ? endOf(movie) : 0)));
  const checked = read.map(({ one, sink, movie }) => {
    const lacksS = movie ? lastS - endOf(movie) : 0;
    if (lacksS <= one.request.encoding.keyFrameIntervalS + FRAGMENT_S) return { one, sink, movie };
    const message = `${sink?.localPath} lacks the last ${lacksS.toFixed(1)} s that another file of its encoding holds`;
    return { one: { ...one, failure: new RecordingError('storage_failed', message) }, sink, movie: null };
  });
  const shortest = checked
    .flatMap(({ movie }) => movie ?? [])
    .toSorted((a, b) => a.sizeBytes() - b.sizeBytes())[0];
  if (shortest)
    await Promise.all(checked.map(({ sink, movie }) => movie && sink?.truncate(shortest.sizeBytes())));
  return { movie: shortest ?? createMovie(options), group: checked.map(({ one }) => one) };
}

function endOf(movie: Movie): number {
  const { videoS, audioS } = movie.written();
  return Math.max(videoS, audioS);
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
