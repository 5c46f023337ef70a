import { access, mkdtemp, open as openFile, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OutputRequest } from '../../../../shared/request/recordingRequest.ts';
import { createCleanup } from '../../../../worker/cleanup.ts';
import { createLog } from '../../../../worker/log.ts';
import { finishOutputs } from '../../../../worker/outputs/finishOutputs.ts';
import { type FilesRequest, openOutputs, resumeOutputs } from '../../../../worker/outputs/openOutputs.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';
import { folderStorage } from '../../../../worker/storage/folderStorage.ts';
import type { Sink, UnfinishedFile } from '../../../../worker/storage/storage.ts';
import { eventually } from '../../../support/eventually.ts';
import { type Clip, makeClip, makeSegment, segmentWrites } from '../../../support/makeSegment.ts';
import { measureFile } from '../../../support/measureFile.ts';

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
  recipients: null,
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

test.each([
  'its worker has noted that',
  'its worker was lost before it could note that',
])('an output that is stored is only told of by the process that goes on, where %s', async (how) => {
  const { sink } = await sinkFor(`stored, ${how}`);
  const { outputs, writers, cleanup } = await open([output('a')], [sink]);
  await deliver(writers[0], mp4, 0, 4);
  const before = JSON.stringify(outputs.unfinished());
  let noted = '';
  const note = async () => {
    noted = JSON.stringify(outputs.unfinished());
    await outputs.keepManifest({ version: 1 }); // nothing is beside the file any more, and that is no failure
  };
  const [stored] = await finishOutputs(outputs.all, CONTENT, note);
  await cleanup.run();

  const storage = folderStorage(root);
  const manifest = JSON.parse(how.includes('lost') ? before : noted);
  const resume = async (file: UnfinishedFile) => {
    const found = await storage.stored(file);
    return found ?? storage.resume(file);
  };
  const later = createCleanup(createLog('silent'));
  const again = await resumeOutputs(requestOf([output('a')]), manifest, resume, later);
  const [file] = await finishOutputs(again.all, CONTENT);
  await later.run();
  expect(file).toEqual(stored);
  expect(file).toMatchObject({ error: null, frames: 30, duration_s: 1 });
  expect((await measureFile(String(file?.file)))?.frames).toBe(120);
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
  expect(ofB).toMatch(
    /damaged-b\.part cannot be gone on with: it lacks the last [\d.]+ s that another file of its encoding holds/,
  );
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

test('the next segment of an encoding whose outputs have failed begins where the others are', async () => {
  const [good, bad] = [await sinkFor('goes-on'), await sinkFor('stays-behind', 'write')];
  const requests = [output('good'), output('bad', { container: 'webm' })];
  const { outputs, writers } = await open(requests, [good.sink, bad.sink]);
  await deliver(writers[0], mp4, 0, 4);
  await expect(deliver(writers[1], webm, 0, 4)).rejects.toThrow('is full');
  const [alive] = outputs.writtenUntil();
  expect(outputs.goesOnFrom()).toEqual([alive, { videoS: alive?.videoS, audioS: alive?.audioS, frames: 0 }]);
});

test('the end of a segment waits for what is being written', async () => {
  const { sink } = await sinkFor('slow');
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: Sink = {
    ...sink,
    write: async (bytes, position) => {
      await released;
      await sink.write(bytes, position);
    },
  };
  const { outputs, writers } = await open([output('a')], [slow]);
  const writing = deliver(writers[0], mp4, 0, 2).catch(() => {});
  await eventually('something is being written', () => outputs.sizeBytes() > 0);
  let hasEnded = false;
  const ending = outputs.endSegment().then(() => {
    hasEnded = true;
  });
  await setImmediate();
  expect([hasEnded, sink.sizeBytes()]).toEqual([false, 0]);
  release();
  await Promise.all([ending, writing]);
  expect(sink.sizeBytes()).toBeGreaterThan(0);
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

test('what was written is stored, even if the recorder told that there is nothing', async () => {
  const { sink } = await sinkFor('told-nothing');
  const { outputs, writers, cleanup } = await open([output('a')], [sink]);
  await deliver(writers[0], mp4, 0, 4);
  outputs.beginSegment();
  const [file] = await finishOutputs(outputs.all, async () => ({ ...(await CONTENT()), durationS: 0 }));
  await cleanup.run();
  expect((await measureFile(String(file?.file)))?.frames).toBe(120);
});

test.each([
  'mp4',
  'webm',
] as const)('an unfinished %s that cannot be finished is kept, and the error names it', async (container) => {
  const { sink } = await sinkFor(`unfinished-${container}`);
  const refusing = { ...sink, finish: () => Promise.reject(new Error('EIO: i/o error')) };
  const { outputs, writers, cleanup } = await open([output('a', { container })], [refusing]);
  await deliver(writers[0], container === 'mp4' ? mp4 : webm, 0, 4);
  const [file] = await finishOutputs(outputs.all, CONTENT);
  await cleanup.run();
  expect(file?.error?.message).toBe(`EIO: i/o error; what was recorded is kept at ${sink.localPath}`);
  expect((await measureFile(sink.localPath))?.frames).toBe(120);
});

test('a recording that fails before its files are finished keeps what it has recorded', async () => {
  const { sink } = await sinkFor('not-finished');
  const { writers, cleanup } = await open([output('a')], [sink]);
  await deliver(writers[0], mp4, 0, 4);
  await cleanup.run();
  expect((await measureFile(sink.localPath))?.frames).toBe(120);
});

test('a file that was begun without a picture is deleted, also if its output has failed', async () => {
  const { sink } = await sinkFor('header-only');
  const { outputs, writers, cleanup } = await open([output('a')], [sink]);
  const writes = await segmentWrites(mp4, { startS: 0, endS: 0.5, finish: false });
  for (const { bytes, position } of writes) await writers[0]?.write(bytes, position);
  expect(outputs.writtenUntil()).toEqual([{ videoS: 0, audioS: 0, frames: 0 }]);
  outputs.all[0]?.fail(new Error('the disk is full'));
  const [file] = await finishOutputs(outputs.all, CONTENT);
  await cleanup.run();
  expect(file).toMatchObject({ file: null, duration_s: 0 });
  await expect(access(sink.localPath)).rejects.toThrow('ENOENT');
});

/** Leaves an unfinished file of 4 s as a worker that was lost does, and resolves to what its manifest says. */
async function leave(name: string, more: readonly string[] = []) {
  const names = [name, ...more];
  const sinks = await Promise.all(names.map((one) => sinkFor(one)));
  const { outputs, writers, cleanup } = await open(
    names.map((one) => output(one)),
    sinks.map(({ sink }) => sink),
  );
  await deliver(writers[0], mp4, 0, 4);
  const unfinished = JSON.parse(JSON.stringify(outputs.unfinished()));
  await outputs.close();
  await cleanup.run();
  return { unfinished, paths: sinks.map(({ sink }) => sink.localPath) };
}

async function damage(path: string, bytes: Uint8Array, position: number) {
  const file = await openFile(path, 'r+');
  await file.write(bytes, 0, null, position);
  await file.close();
}

test('a file that cannot be read is kept as it is when another process goes on', async () => {
  const { unfinished, paths } = await leave('damaged');
  await damage(String(paths[0]), new Uint8Array(4096), 0);
  const before = await readFile(String(paths[0]));
  const cleanup = createCleanup(createLog('silent'));
  const going = resumeOutputs(
    requestOf([output('damaged')]),
    unfinished,
    folderStorage(root).resume,
    cleanup,
  );
  await expect(going).rejects.toThrow(`${paths[0]} cannot be gone on with`);
  await cleanup.run();
  expect((await readFile(String(paths[0]))).equals(before)).toBe(true);
});

test('a file that cannot be read does not harm the others of its encoding', async () => {
  const names = ['whole', 'broken'];
  const { unfinished, paths } = await leave('whole', ['broken']);
  await damage(String(paths[1]), new Uint8Array(4096), 0);
  const cleanup = createCleanup(createLog('silent'));
  const request = requestOf(names.map((name) => output(name)));
  const outputs = await resumeOutputs(request, unfinished, folderStorage(root).resume, cleanup);
  expect(outputs.all.map((one) => one.failure() === null)).toEqual([true, false]);
  expect(outputs.writtenUntil()[0]?.frames).toBe(120);
  await cleanup.run();
  await Promise.all(paths.map((path) => access(path)));
});

test('a recording without a picture is not stored, and the cleanup drops its file', async () => {
  const { sink, log } = await sinkFor('empty');
  const { outputs, cleanup } = await open([output('a')], [sink]);
  const [file] = await finishOutputs(outputs.all, async () => ({ ...(await CONTENT()), durationS: 0 }));
  await cleanup.run();
  expect(file).toMatchObject({ file: null, frames: 0, error: null });
  expect(log).toEqual(['abort']);
});
