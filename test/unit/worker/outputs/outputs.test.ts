import { expect, test } from 'vitest';
import type { OutputRequest } from '../../../../shared/request/recordingRequest.ts';
import { createCleanup } from '../../../../worker/cleanup.ts';
import { createLog } from '../../../../worker/log.ts';
import { finishOutputs } from '../../../../worker/outputs/finishOutputs.ts';
import { type FilesRequest, openOutputs } from '../../../../worker/outputs/openOutputs.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';
import type { Sink } from '../../../../worker/storage/storage.ts';

const ENCODING = {
  container: 'mp4',
  h264Profile: 'baseline',
  videoBitrateBps: 1,
  audioBitrateBps: 1,
  keyFrameIntervalS: 2,
} as const;
const output = (name: string, encoding: object = {}): OutputRequest => ({
  name,
  encoding: { ...ENCODING, ...encoding },
  storage: null,
});
const requestOf = (outputs: readonly OutputRequest[]): FilesRequest => ({
  outputs,
  audioOnly: false,
  picture: { widthPx: 2, heightPx: 2, framesPerSecond: 30 },
  limits: { maxDurationS: 60, emptyTimeoutS: 1, loadTimeoutS: 1, readyTimeoutS: 1 },
});
const CONTENT = async () => ({ frames: 30, droppedFrames: 0, durationS: 1 });
const BYTES = new Uint8Array(3);

/** A sink in memory; `fails` names what it refuses to do. */
function memorySink(location: string, fails: 'write' | 'finish' | 'keepManifest' | null = null) {
  const log: string[] = [];
  let size = 0;
  const refuse = (what: string) => {
    if (fails === what) throw new RecordingError('storage_failed', `${location} is full`);
  };
  const sink: Sink = {
    localPath: location,
    write: async (bytes, position) => {
      refuse('write');
      log.push(`${position}+${bytes.length}`);
      size = Math.max(size, position + bytes.length);
    },
    sizeBytes: () => size,
    truncate: async (to) => {
      log.push(`truncate ${to}`);
      size = to;
    },
    unfinished: () => ({ key: location, mediaType: 'video/mp4' }),
    keepManifest: async (manifest) => {
      refuse('keepManifest');
      log.push(`manifest ${JSON.stringify(manifest)}`);
    },
    waitingSince: () => null,
    close: async () => void log.push('close'),
    finish: async () => {
      refuse('finish');
      log.push('finish');
      return { location, sizeBytes: size };
    },
    abort: async () => void log.push('abort'),
  };
  return { sink, log };
}

async function open(requests: readonly OutputRequest[], sinks: readonly (Sink | Error)[]) {
  const cleanup = createCleanup(createLog('silent'));
  const outputs = await openOutputs(
    requestOf(requests),
    async (_request, index) => {
      const sink = sinks[index] as Sink | Error;
      if (sink instanceof Error) throw sink;
      return sink;
    },
    cleanup,
  );
  return { outputs, cleanup, writers: outputs.beginSegment() };
}

test('outputs of the same encoding share it, and each gets every byte', async () => {
  const [a, b, c] = [memorySink('a'), memorySink('b'), memorySink('c')];
  const requests = [output('a'), output('b'), output('c', { container: 'webm' })];
  const { outputs, writers } = await open(requests, [a.sink, b.sink, c.sink]);
  expect(outputs.encodings.map(({ container }) => container)).toEqual(['mp4', 'webm']);
  expect(outputs.all.map((one) => outputs.encodingIndexOf(one))).toEqual([0, 0, 1]);
  await writers[0]?.write(BYTES, 0);
  await writers[1]?.write(BYTES, 7);
  expect([a.log, b.log, c.log]).toEqual([['0+3'], ['0+3'], ['7+3']]);
  expect(outputs.sizeBytes()).toBe(3 + 3 + 10);
});

test('an output that fails does not harm the others, and keeps what it held until then', async () => {
  const [good, bad] = [memorySink('good'), memorySink('bad', 'write')];
  const { outputs, writers } = await open([output('good'), output('bad')], [good.sink, bad.sink]);
  await writers[0]?.write(BYTES, 0);
  const files = await finishOutputs(outputs.all, CONTENT);
  expect(files.map(({ name, file, error }) => [name, file, error?.message ?? null])).toEqual([
    ['good', 'good', null],
    ['bad', null, 'bad is full'],
  ]);
});

test('a writer fails once no output takes its bytes any more', async () => {
  const [a, b] = [memorySink('a', 'write'), memorySink('b', 'write')];
  const { writers } = await open([output('a'), output('b')], [a.sink, b.sink]);
  await expect(writers[0]?.write(BYTES, 0)).rejects.toThrow('a is full');
});

test('an output whose storage cannot be opened fails, and the recording fails if none can be opened', async () => {
  const closed = new RecordingError('storage_failed', 'no such bucket');
  const { outputs } = await open([output('a'), output('b')], [closed, memorySink('b').sink]);
  expect(outputs.all.map((one) => one.failure()?.message ?? null)).toEqual(['no such bucket', null]);
  await expect(open([output('a')], [closed])).rejects.toThrow('no such bucket');
});

test('an output that cannot be completed is reported with its error', async () => {
  const { outputs, writers } = await open([output('a')], [memorySink('a', 'finish').sink]);
  await writers[0]?.write(BYTES, 0);
  const [file] = await finishOutputs(outputs.all, CONTENT);
  expect(file).toMatchObject({ file: null, size_bytes: 0, error: { code: 'storage_failed' } });
});

test('a recording without a picture is not stored, and the cleanup drops its file', async () => {
  const a = memorySink('a');
  const { outputs, writers, cleanup } = await open([output('a')], [a.sink]);
  await writers[0]?.write(BYTES, 0);
  const [file] = await finishOutputs(outputs.all, async () => ({ ...(await CONTENT()), durationS: 0 }));
  await cleanup.run();
  expect(file).toMatchObject({ file: null, frames: 0, error: null });
  expect(a.log).toEqual(['0+3', 'abort']);
});
