import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMovie } from '../../../../worker/movie/createMovie.ts';
import { readMovie } from '../../../../worker/movie/readMovie.ts';
import { parseMp4 } from '../../../support/inspect/parseMp4.ts';
import { runTool } from '../../../support/inspect/runTool.ts';
import { type Clip, makeClip, segmentWrites } from '../../../support/makeSegment.ts';
import { measureFile } from '../../../support/measureFile.ts';
import { finishMovie, optionsFor, writeMovie } from '../../../support/writeMovie.ts';

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-movie-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What ffmpeg complains of while it decodes everything, and while it copies the file without decoding. */
async function complaints(path: string): Promise<string> {
  const decoded = await runTool('ffmpeg', ['-v', 'warning', '-xerror', '-i', path, '-f', 'null', '-']);
  const copy = `${path}.copy.${path.split('.').pop()}`;
  const copied = await runTool('ffmpeg', ['-v', 'warning', '-y', '-i', path, '-c', 'copy', copy]);
  return decoded.stderr + copied.stderr;
}

async function pictureTimes(path: string): Promise<number[]> {
  const args = ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0'];
  const { stdout } = await runTool('ffprobe', [...args, path]);
  return String(stdout).trim().split('\n').map(Number.parseFloat);
}

/** Makes the description of the last fragment, or a block of the last cluster, one that cannot be read. */
function damageLastPart(bytes: Buffer, container: 'mp4' | 'webm'): void {
  if (container === 'mp4') {
    bytes.writeUInt32BE(4, bytes.lastIndexOf('traf') - 4); // shorter than a box can be
    return;
  }
  const cluster = bytes.lastIndexOf(Buffer.from('1f43b675', 'hex'));
  const block = bytes.indexOf(0xa3, cluster + 12);
  const lengthOfSize = Math.clz32(bytes[block + 1] as number) - 23;
  bytes[block + 1 + lengthOfSize] = 0; // no track has this number
}

describe.each(['mp4', 'webm'] as const)('a recording of several segments in %s', (container) => {
  let clip: Clip;
  const segments = [
    { startS: 0, endS: 5 },
    { startS: 8, endS: 14, audioStartS: 5 },
  ];

  beforeAll(async () => {
    clip = await makeClip(at(`clip.${container}`), container);
  });

  test('is an ordinary file without a fault', async () => {
    const path = at(`whole.${container}`);
    const movie = await writeMovie(path, clip, segments);
    await finishMovie(path, movie);
    expect(await complaints(path)).toBe('');
    const content = await measureFile(path);
    expect(content?.frames).toBe(330);
    expect(content?.durationS).toBeCloseTo(14, 1);
    const { stdout } = await runTool('ffprobe', ['-v', 'error', '-show_entries', 'format=duration', path]);
    expect(Number(/duration=(.*)/.exec(String(stdout))?.[1])).toBeCloseTo(14, 1);
  });

  test('ends before a part that is damaged, when it is read back', async () => {
    const path = at(`damaged.${container}`);
    const whole = await writeMovie(path, clip, segments);
    const bytes = await readFile(path);
    damageLastPart(bytes, container);
    await writeFile(path, bytes);
    const read = await readMovie(path, optionsFor(clip));
    expect(read.written().frames).toBeGreaterThan(200);
    expect(read.sizeBytes()).toBeLessThan(whole.sizeBytes());
    await finishMovie(path, read);
    expect((await measureFile(path))?.frames).toBe(read.written().frames);
  });

  test('shows the last picture before a gap until the first one after it', async () => {
    const path = at(`gap.${container}`);
    await finishMovie(path, await writeMovie(path, clip, segments));
    const times = await pictureTimes(path);
    expect([times[149], times[150]]).toEqual([expect.closeTo(4.967, 2), expect.closeTo(8, 2)]);
  });

  test('can be played before it is finished', async () => {
    const path = at(`unfinished.${container}`);
    await writeMovie(path, clip, segments);
    expect((await runTool('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'])).stderr).toBe('');
    expect((await measureFile(path))?.frames).toBe(330);
  });

  test('tells up to where it has pictures and sound', async () => {
    const movie = createMovie(optionsFor(clip));
    expect(movie.written()).toEqual({ videoS: 0, audioS: 0, frames: 0 });
    const written = (await writeMovie(at('told'), clip, segments)).written();
    expect(written.frames).toBe(330);
    expect(written.videoS).toBeCloseTo(14, 2);
    expect(written.audioS).toBeCloseTo(14, 1);
  });

  test('is read back from its bytes alone, without what is incomplete, and gone on with', async () => {
    const path = at(`killed.${container}`);
    const written = await writeMovie(path, clip, [{ startS: 0, endS: 5 }]);
    await truncate(path, written.sizeBytes() - Math.floor(written.heldBytes() / 10));
    const found = await readMovie(path, optionsFor(clip));
    const kept = found.written();
    expect(kept.videoS).toBeCloseTo(4, 2);
    expect(kept.frames).toBe(120);
    await truncate(path, found.sizeBytes());
    await writeMovie(path, clip, [{ startS: 6, endS: 10, audioStartS: kept.audioS }], found);
    const again = await readMovie(path, optionsFor(clip));
    expect(again.written()).toEqual(found.written());
    await finishMovie(path, again);
    expect(await complaints(path)).toBe('');
    expect((await measureFile(path))?.frames).toBe(240);
  });

  test.each([0, 1, 30, 700])('begins anew where a file ends after %i bytes', async (bytes) => {
    const path = at(`begun-${bytes}.${container}`);
    await writeMovie(path, clip, [{ startS: 0, endS: 2 }]);
    await truncate(path, bytes);
    const movie = await readMovie(path, optionsFor(clip));
    expect(movie.written()).toEqual({ videoS: 0, audioS: 0, frames: 0 });
    expect(movie.ending()).toBe(null);
    await writeMovie(path, clip, [{ startS: 0, endS: 2 }], movie);
    await finishMovie(path, movie);
    expect(await complaints(path)).toBe('');
  });

  test('drops what a recorder page did not complete', async () => {
    const path = at(`incomplete.${container}`);
    const movie = await writeMovie(path, clip, [{ startS: 0, endS: 4 }]);
    movie.beginSegment();
    const writes = await segmentWrites(clip, { startS: 4, endS: 6 });
    for (const { bytes, position } of writes.slice(0, 2)) movie.take(bytes.subarray(0, 100), position);
    const { frames } = movie.written();
    expect(frames).toBe(120);
    await writeMovie(path, clip, [{ startS: 6, endS: 8, audioStartS: 4 }], movie);
    await finishMovie(path, movie);
    expect(await complaints(path)).toBe('');
    expect((await measureFile(path))?.frames).toBe(180);
  });
});

describe('an MP4', () => {
  let clip: Clip;
  beforeAll(async () => {
    clip = await makeClip(at('one.mp4'), 'mp4');
  });
  const segments = [
    { startS: 0, endS: 5 },
    { startS: 8, endS: 14, audioStartS: 5 },
  ];

  test('is found ordinary by another parser: no fragments, and each sample within the media', async () => {
    const path = at('parsed.mp4');
    await finishMovie(path, await writeMovie(path, clip, segments));
    const parsed = await parseMp4(path);
    expect(parsed).toMatchObject({ isFragmented: false, problems: [], strayBytes: 0 });
    expect(parsed.topBoxes).toEqual(['ftyp', 'moov', 'mdat']);
    expect(parsed.tracks.map(({ samples }) => samples)).toEqual([330, 655]);
    expect([parsed.timesS[149], parsed.timesS[150]]).toEqual([expect.closeTo(4.967, 3), 8]);
  });

  test('is finished in place where it is long: the media stays where it is', async () => {
    const path = at('place.mp4');
    const movie = await writeMovie(path, clip, segments);
    const before = await readFile(path);
    const ending = movie.ending();
    const { front, tail } = ending?.build(ending.replacesBytes) ?? {};
    expect(front?.length).toBe(ending?.replacesBytes);
    expect(tail).toHaveLength(0);
    await writeFile(path, Buffer.concat([front as Buffer, before.subarray(front?.length)]));
    expect((await parseMp4(path)).topBoxes).toEqual(['ftyp', 'moov', 'free', 'mdat']);
    expect(await complaints(path)).toBe('');
  });

  test('has its index behind the media where the room at the front is too small', async () => {
    const path = at('behind.mp4');
    const options = { ...optionsFor(clip), maxDurationS: 1 };
    const movie = await writeMovie(path, clip, [{ startS: 0, endS: 60 }], createMovie(options));
    const before = await readFile(path);
    const ending = movie.ending();
    const { front, tail } = ending?.build(ending.replacesBytes) ?? {};
    await writeFile(path, Buffer.concat([front as Buffer, before.subarray(front?.length), tail as Buffer]));
    expect((await parseMp4(path)).topBoxes).toEqual(['ftyp', 'free', 'mdat', 'moov']);
    expect(await complaints(path)).toBe('');
    expect((await readMovie(path, options)).ending()).toBe(null);
  });

  test('keeps its room free as a hole, which takes no space', async () => {
    const path = at('hole.mp4');
    const movie = await writeMovie(path, clip, [{ startS: 0, endS: 2 }]);
    const { size, blocks } = await stat(path);
    expect(size).toBe(movie.sizeBytes());
    expect(size).toBeGreaterThan(5_000_000);
    expect(blocks * 512).toBeLessThan(movie.heldBytes() + 32_768);
  });

  test('has a second description where the encoder of a later segment is configured otherwise', async () => {
    const path = at('two.mp4');
    const other = await makeClip(at('other.mp4'), 'mp4', '320x180', ['-profile:v', 'main']);
    const movie = await writeMovie(path, clip, [{ startS: 0, endS: 4 }]);
    await writeMovie(path, other, [{ startS: 5, endS: 8, audioStartS: 4 }], movie);
    await writeMovie(path, clip, [{ startS: 9, endS: 12, audioStartS: 8 }], movie);
    const readBack = await readMovie(path, optionsFor(clip));
    expect(readBack.written()).toEqual(movie.written());
    await finishMovie(path, readBack);
    expect(await complaints(path)).toBe('');
    const bytes = await readFile(path);
    expect(bytes.toString('latin1').split('avcC').length - 1).toBeGreaterThanOrEqual(2);
    expect((await measureFile(path))?.frames).toBe(300);
  });

  test('that is finished but has not got its name yet is not finished twice', async () => {
    const path = at('twice.mp4');
    const movie = await writeMovie(path, clip, segments);
    await finishMovie(path, movie);
    const again = await readMovie(path, optionsFor(clip));
    expect(again.ending()).toBe(null);
    expect(again.written()).toEqual({
      ...movie.written(),
      audioS: expect.closeTo(movie.written().audioS, 2),
    });
    expect(() => again.take(new Uint8Array(1), 0)).toThrow('is finished');
  });
});

test('a WebM that is finished twice is the same as one that is finished once', async () => {
  const clip = await makeClip(at('same.webm'), 'webm');
  const path = at('once.webm');
  await finishMovie(path, await writeMovie(path, clip, [{ startS: 0, endS: 5 }]));
  await copyFile(path, at('again.webm'));
  const again = await readMovie(at('again.webm'), optionsFor(clip));
  await truncate(at('again.webm'), again.sizeBytes());
  await finishMovie(at('again.webm'), again);
  expect((await readFile(at('again.webm'))).equals(await readFile(path))).toBe(true);
});
