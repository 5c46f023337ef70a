import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { S3StorageTarget } from '../../../../../shared/storages/storageTarget.ts';
import { createCleanup } from '../../../../../worker/cleanup.ts';
import { createLog } from '../../../../../worker/log.ts';
import { resumeOutputs } from '../../../../../worker/outputs/openOutputs.ts';
import { generationOf } from '../../../../../worker/storage/objects/keptState.ts';
import { PART_BYTES } from '../../../../../worker/storage/objects/planParts.ts';
import { s3Storage } from '../../../../../worker/storage/s3/s3Storage.ts';
import type { UnfinishedFile } from '../../../../../worker/storage/storage.ts';
import { parseMp4 } from '../../../../support/inspect/parseMp4.ts';
import { runTool } from '../../../../support/inspect/runTool.ts';
import { type Clip, makeSegment } from '../../../../support/makeSegment.ts';
import { measureFile } from '../../../../support/measureFile.ts';
import { ONE_MP4 } from '../../../../support/oneMp4.ts';
import { s3Missing } from '../../../../support/startS3.ts';
import { type S3Place, startS3Place } from '../../../../support/startS3Place.ts';
import { makeLargeClip, type Told } from '../../../../support/writeMovieUntilKilled.ts';

type Durability = S3StorageTarget['durability'];

const FRAMES_PER_SECOND = ONE_MP4.picture.framesPerSecond;
/** What the result would say of the file. It does not matter here. */
const CONTENT = { frames: 0, droppedFrames: 0, durationS: 0 };

/** Each test writes a hundred megabytes and decodes them. */
const SLOW = { timeout: 60_000 };

if (s3Missing) console.warn(`SKIPPED: going on on another machine (${s3Missing})`);

describe.skipIf(s3Missing)('a file on its way to a bucket whose machine is gone with its disk', SLOW, () => {
  let place: S3Place;
  let clip: Clip;

  beforeAll(async () => {
    place = await startS3Place();
    clip = await makeLargeClip(join(place.folders.rescue, '..', 'own.mp4'));
  }, 60_000);
  afterAll(() => place?.close());

  const storageOn = (machine: string, durability?: Durability) =>
    s3Storage(...optionsOn(machine, durability));
  function optionsOn(machine: string, durability: Durability = 'machine'): Parameters<typeof s3Storage> {
    const folder = join(place.folders.spool, '..', machine);
    const folders = { spool: join(folder, 'spool'), rescue: join(folder, 'rescue') };
    return [{ ...place.target, durability }, folders, { giveUpAfterMs: 20_000 }];
  }

  /** Starts a process that writes a movie, and kills it with its disk once it tells what is waited for. */
  async function lose(
    key: string,
    pace: number,
    isDue: (told: Told) => boolean,
    durability: Durability = 'machine',
  ): Promise<Told> {
    const options = optionsOn(`lost-${key}`, durability);
    const recipe = JSON.stringify({ kind: 's3', options });
    const clipPath = join(place.folders.spool, '..', `${key}.clip.mp4`);
    const args = ['test/run.mjs', 'support/writeMovieUntilKilled', recipe, key, clipPath, String(pace)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const told = await toldBy(child, isDue);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await rm(join(options[1].spool, '..'), { recursive: true });
    return told;
  }

  /** Goes on elsewhere and records until `endS`. Resolves to how much there was, and to what is stored. */
  async function goOn(
    unfinished: UnfinishedFile,
    machine: string,
    endS: number | null,
    durability: Durability = 'machine',
  ) {
    const cleanup = createCleanup(createLog('silent'));
    const storage = storageOn(machine, durability);
    const known = [{ name: 'recording', file: unfinished, failure: null, stored: null }];
    const outputs = await resumeOutputs(ONE_MP4, known, (file) => storage.resume(file), cleanup);
    const [written] = outputs.writtenUntil();
    const { videoS = 0, audioS = 0, frames = 0 } = written ?? {};
    const [writer] = outputs.beginSegment();
    if (endS !== null && writer)
      await makeSegment(clip, { startS: Math.ceil(videoS) + 3, endS, audioStartS: audioS }, writer.write);
    return { outputs, videoS, frames, startS: Math.ceil(videoS) + 3 };
  }

  async function complaints(path: string): Promise<string> {
    const args = ['-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-'];
    return String((await runTool('ffmpeg', args)).stderr);
  }

  async function expectWhole(location: string, frames: number): Promise<void> {
    const path = place.s3.objectPath('recordings', location.replace('s3://recordings/', ''));
    expect(await complaints(path)).toBe('');
    expect((await measureFile(path))?.frames).toBe(frames);
    expect(await parseMp4(path)).toMatchObject({ isFragmented: false, problems: [] });
    expect((await place.contents()).complete.filter((name) => name.startsWith('.unfinished'))).toEqual([]);
  }

  const partsOf = ({ unfinished }: Told) => (unfinished.kept as { lastPart: number }).lastPart;

  test('is gone on with behind the last part that was sent', async () => {
    const told = await lose('parts.mp4', 20, (one) => partsOf(one) >= 3, 'part');
    const { outputs, videoS, frames, startS } = await goOn(told.unfinished, 'second', 60, 'part');
    expect(outputs.all[0]?.sink?.settledBytes).toBeGreaterThanOrEqual(partsOf(told) * PART_BYTES);
    expect(videoS).toBeGreaterThan(14); // three parts without the room at the front and the last fragment
    expect(frames).toBe(Math.round(videoS * FRAMES_PER_SECOND));
    const stored = await outputs.all[0]?.finish(CONTENT);
    await expectWhole(String(stored?.location), frames + (60 - startS) * FRAMES_PER_SECOND);
  });

  test('loses less than two seconds if it is to be durable', async () => {
    const told = await lose('durable.mp4', 1, (one) => one.videoS >= 6);
    const { outputs, videoS, frames, startS } = await goOn(told.unfinished, 'third', 30);
    expect(told.videoS - videoS).toBeLessThanOrEqual(2);
    const stored = await outputs.all[0]?.finish(CONTENT);
    await expectWhole(String(stored?.location), frames + (30 - startS) * FRAMES_PER_SECOND);
  });

  test('is gone on with by a third machine where the second is lost, too', async () => {
    const told = await lose('twice.mp4', 10, (one) => partsOf(one) >= 2);
    const second = await goOn(told.unfinished, 'fourth', 40);
    const { sink } = second.outputs.all[0] ?? {};
    await vi.waitFor(
      () => expect((sink?.unfinished().kept as { lastPart: number }).lastPart).toBeGreaterThanOrEqual(4),
      { timeout: 20_000 },
    );
    const { generation } = sink?.unfinished().kept as { generation: number };
    await vi.waitFor(async () => expect(await tailsOf('twice.mp4', generation)).toBeGreaterThan(0), {
      timeout: 20_000,
    });
    const unfinished = JSON.parse(JSON.stringify(sink?.unfinished()));
    await second.outputs.close();
    const third = await goOn(unfinished, 'fifth', 45);
    expect(third.videoS).toBeGreaterThan(second.startS + 10);
    const stored = await third.outputs.all[0]?.finish(CONTENT);
    const gapFrames = (second.startS - second.videoS) * FRAMES_PER_SECOND;
    const frames = third.videoS * FRAMES_PER_SECOND - gapFrames + (45 - third.startS) * FRAMES_PER_SECOND;
    await expectWhole(String(stored?.location), Math.round(frames));
  });

  test('is stored as it is if nothing more is recorded', async () => {
    const told = await lose('ended.mp4', 20, (one) => partsOf(one) >= 2);
    const { outputs, frames } = await goOn(told.unfinished, 'sixth', null);
    const stored = await outputs.all[0]?.finish(CONTENT);
    await expectWhole(String(stored?.location), frames);
  });

  test('can no longer be written to by the first machine if it is there after all', async () => {
    const first = storageOn('seventh');
    const sink = await first.open({ key: 'fenced.mp4', mediaType: 'video/mp4' });
    await sink.write(Buffer.alloc(1000, 1), 0, 1000);
    await vi.waitFor(async () => expect(await tailsOf('fenced.mp4')).toBe(1));
    const second = await storageOn('eighth').resume(sink.unfinished());
    expect(second.sizeBytes()).toBe(1000);
    await expect(sink.finish(null)).rejects.toThrow('is written by another process now');
    await sink.abort();
    const { location } = await second.finish(null);
    expect(await place.read(location)).toHaveLength(1000);
  });

  /** How many pieces of the end of a file are kept, by that process and those after it. */
  async function tailsOf(key: string, generation = 0): Promise<number> {
    const folder = `.unfinished/${key}/`;
    const { complete } = await place.contents();
    const names = complete.filter((name) => name.startsWith(folder) && name.endsWith('-tail'));
    return names.filter((name) => generationOf(name.slice(folder.length)) >= generation).length;
  }
});

function toldBy(child: ChildProcess, isDue: (told: Told) => boolean): Promise<Told> {
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the writer has ended too early')));
    if (!child.stdout) return reject(new Error('the writer has no output'));
    createInterface(child.stdout).on('line', (line) => {
      const told = JSON.parse(line) as Told;
      if (isDue(told)) resolve(told);
    });
  });
}
