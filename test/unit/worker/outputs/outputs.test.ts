import { mkdtemp, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutputRequest } from '../../../../shared/request/recordingRequest.ts';
import { createCleanup } from '../../../../worker/cleanup.ts';
import { createLog } from '../../../../worker/log.ts';
import { finishOutputs } from '../../../../worker/outputs/finishOutputs.ts';
import { type FilesRequest, openOutputs, resumeOutputs } from '../../../../worker/outputs/openOutputs.ts';
import { measureFile } from '../../../../worker/recording/measureFile.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';
import { folderStorage } from '../../../../worker/storage/folderStorage.ts';
import type { Sink } from '../../../../worker/storage/storage.ts';
import { type Clip, makeClip, makeSegment } from '../../../support/makeSegment.ts';

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
  backup: null,
});
const requestOf = (outputs: readonly OutputRequest[]): FilesRequest => ({
  outputs,
  audioOnly: false,
  picture: { widthPx: 320, heightPx: 180, framesPerSecond: 30 },
  limits: { maxDurationS: 60, emptyTimeoutS: 1, loadTimeoutS: 1, readyTimeoutS: 1 },
});
const CONTENT = async () => ({ frames: 30, droppedFrames: 0, durationS: 1 });

let root: string;
let mp4: Clip;
let webm: Clip;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'test-outputs-'));
  mp4 = await makeClip(join(root, 'clip.mp4'), 'mp4');
  webm = await makeClip(join(root, 'clip.webm'), 'webm');
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Outputs = Awaited<ReturnType<typeof openOutputs>>;
type Writer = ReturnType<Outputs['beginSegment']>[number] | undefined;

/** Hands the writer what a recorder page delivers from `startS` to `endS`. */
async function deliver(writer: Writer, clip: Clip, startS: number, endS: number, audioStartS = startS) {
  if (!writer) throw new Error('there is no such writer');
  await makeSegment(clip, { startS, endS, audioStartS }, writer.write);
}

/** A sink of the folder, which notes what happens to it; `fails` names what it refuses to do. */
async function sinkFor(name: string, fails: 'write' | 'finish' | null = null) {
  const log: string[] = [];
  const sink = await folderStorage(root).open({ key: name, mediaType: 'video/mp4' });
  const refuse = (what: string) => {
    if (fails === what) throw new RecordingError('storage_failed', `${name} is full`);
  };
  const noted: Sink = {
    ...sink,
    write: async (bytes, position) => {
      refuse('write');
      await sink.write(bytes, position);
    },
    finish: async (ending) => {
      refuse('finish');
      log.push('finish');
      return sink.finish(ending);
    },
    abort: async () => {
      log.push('abort');
      await sink.abort();
    },
  };
  return { sink: noted, log };
}

async function open(requests: readonly OutputRequest[], sinks: readonly (Sink | Error)[]) {
  const cleanup = createCleanup(createLog('silent'));
  const opening = async (_request: OutputRequest, index: number) => {
    const sink = sinks[index] as Sink | Error;
    if (sink instanceof Error) throw sink;
    return sink;
  };
  const outputs = await openOutputs(requestOf(requests), opening, cleanup);
  return { outputs, cleanup, writers: outputs.beginSegment() };
}

test('outputs of the same encoding share it, and each gets every byte', async () => {
  const sinks = [await sinkFor('a'), await sinkFor('b'), await sinkFor('c')];
  const requests = [output('a'), output('b'), output('c', { container: 'webm' })];
  const opened = await open(
    requests,
    sinks.map(({ sink }) => sink),
  );
  const { outputs, writers } = opened;
  expect(outputs.encodings.map(({ container }) => container)).toEqual(['mp4', 'webm']);
  expect(outputs.all.map((one) => outputs.encodingIndexOf(one))).toEqual([0, 0, 1]);
  await deliver(writers[0], mp4, 0, 4);
  await deliver(writers[1], webm, 0, 4);
  expect(outputs.writtenUntil().map(({ frames }) => frames)).toEqual([120, 120]);
  const [a, b, c] = await finishOutputs(outputs.all, CONTENT);
  expect((await readFile(String(a?.file))).equals(await readFile(String(b?.file)))).toBe(true);
  expect((await measureFile(String(c?.file)))?.frames).toBe(120);
});

test('segments become one file, and a writer of an earlier segment takes nothing more', async () => {
  const { sink } = await sinkFor('segments');
  const { outputs, writers } = await open([output('a')], [sink]);
  await deliver(writers[0], mp4, 0, 4);
  const [until] = outputs.writtenUntil();
  const [next] = outputs.beginSegment();
  await expect(writers[0]?.write(new Uint8Array(8), 0)).rejects.toThrow('the segment is over');
  await deliver(next, mp4, 6, 10, until?.audioS);
  const [file] = await finishOutputs(outputs.all, CONTENT);
  const content = await measureFile(String(file?.file));
  expect(content).toMatchObject({ frames: 240, durationS: expect.closeTo(10, 1) });
});

test('another process goes on with outputs that were closed, in the same file', async () => {
  const [a, b] = [await sinkFor('kept-a'), await sinkFor('kept-b', 'write')];
  const requests = [output('a'), output('b')];
  const { outputs, writers, cleanup } = await open(requests, [a.sink, b.sink]);
  await deliver(writers[0], mp4, 0, 4);
  await outputs.keepManifest({ version: 1 });
  expect(JSON.parse(String(await readFile(`${a.sink.localPath}.json`)))).toEqual({ version: 1 });
  const manifest = JSON.parse(JSON.stringify(outputs.unfinished()));
  await outputs.close();
  await cleanup.run();

  const storage = folderStorage(root);
  const later = createCleanup(createLog('silent'));
  const again = await resumeOutputs(requestOf(requests), manifest, storage.resume, later);
  expect(again.all.map((one) => one.failure()?.message ?? null)).toEqual([null, 'kept-b is full']);
  expect(again.writtenUntil()).toEqual(outputs.writtenUntil());
  await deliver(again.beginSegment()[0], mp4, 5, 7, again.writtenUntil()[0]?.audioS);
  const [file] = await finishOutputs(again.all, CONTENT);
  expect((await measureFile(String(file?.file)))?.frames).toBe(180);
});

test('a damaged copy fails when a recording goes on, and the other copy keeps everything', async () => {
  const [a, b] = [await sinkFor('whole-a'), await sinkFor('damaged-b')];
  const requests = [output('a'), output('b')];
  const { outputs, writers, cleanup } = await open(requests, [a.sink, b.sink]);
  await deliver(writers[0], mp4, 0, 10);
  const manifest = JSON.parse(JSON.stringify(outputs.unfinished()));
  await outputs.close();
  await cleanup.run();
  await truncate(b.sink.localPath, Math.round((await stat(b.sink.localPath)).size * 0.6));

  const later = createCleanup(createLog('silent'));
  const again = await resumeOutputs(requestOf(requests), manifest, folderStorage(root).resume, later);
  const [ofA, ofB] = again.all.map((one) => one.failure()?.message ?? null);
  expect(ofA).toBe(null);
  expect(ofB).toMatch(/damaged-b\.part lacks the last [\d.]+ s that another file of its encoding holds/);
  await deliver(again.beginSegment()[0], mp4, 10, 12, again.writtenUntil()[0]?.audioS);
  const [first, second] = await finishOutputs(again.all, CONTENT);
  expect((await measureFile(String(first?.file)))?.frames).toBe(360);
  expect((await measureFile(String(second?.file)))?.frames).toBeGreaterThan(0);
});

test('an output that fails does not harm the others, and keeps what it held until then', async () => {
  const [good, bad] = [await sinkFor('good'), await sinkFor('bad')];
  const { outputs, writers } = await open([output('good'), output('bad')], [good.sink, bad.sink]);
  await deliver(writers[0], mp4, 0, 4);
  outputs.all[1]?.fail(new RecordingError('storage_failed', 'bad is full'));
  await deliver(outputs.beginSegment()[0], mp4, 4, 8);
  const files = await finishOutputs(outputs.all, CONTENT);
  expect(files.map(({ name, error }) => [name, error?.message ?? null])).toEqual([
    ['good', null],
    ['bad', 'bad is full'],
  ]);
  const contents = await Promise.all(files.map(({ file }) => measureFile(String(file))));
  expect(contents.map((content) => content?.frames)).toEqual([240, 120]);
});

test('a writer fails once no output takes its bytes any more', async () => {
  const [a, b] = [await sinkFor('fails-a', 'write'), await sinkFor('fails-b', 'write')];
  const { writers } = await open([output('a'), output('b')], [a.sink, b.sink]);
  await expect(deliver(writers[0], mp4, 0, 4)).rejects.toThrow('fails-a is full');
});

test('an output whose storage cannot be opened fails, and the recording fails if none can be opened', async () => {
  const closed = new RecordingError('storage_failed', 'no such bucket');
  const { sink } = await sinkFor('opens');
  const { outputs } = await open([output('a'), output('b')], [closed, sink]);
  expect(outputs.all.map((one) => one.failure()?.message ?? null)).toEqual(['no such bucket', null]);
  await expect(open([output('a')], [closed])).rejects.toThrow('no such bucket');
});

test('an output that cannot be completed is reported with its error', async () => {
  const { sink } = await sinkFor('incomplete', 'finish');
  const { outputs, writers } = await open([output('a')], [sink]);
  await deliver(writers[0], mp4, 0, 2);
  const [file] = await finishOutputs(outputs.all, CONTENT);
  expect(file).toMatchObject({ file: null, size_bytes: 0, error: { code: 'storage_failed' } });
});

test('a recording without a picture is not stored, and the cleanup drops its file', async () => {
  const { sink, log } = await sinkFor('empty');
  const { outputs, cleanup } = await open([output('a')], [sink]);
  const [file] = await finishOutputs(outputs.all, async () => ({ ...(await CONTENT()), durationS: 0 }));
  await cleanup.run();
  expect(file).toMatchObject({ file: null, frames: 0, error: null });
  expect(log).toEqual(['abort']);
});
