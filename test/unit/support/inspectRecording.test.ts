import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runTool } from '../../support/inspect/runTool.ts';
import { ffmpegMissing, inspectRecording } from '../../support/inspectRecording.ts';

const LEFT_HALF = { xPx: 0, yPx: 0, widthPx: 160, heightPx: 180 };
const RIGHT_HALF = { xPx: 160, yPx: 0, widthPx: 160, heightPx: 180 };

if (ffmpegMissing) console.warn(`Skipped: ${ffmpegMissing}`);

describe.skipIf(ffmpegMissing)('a recording', () => {
  let folder: string;
  let path: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'call-compositor-inspect-'));
    path = join(folder, 'known.mp4');
    await makeKnownRecording(path);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('tells its streams, times and length', async () => {
    const { video, audio, durationS } = await inspectRecording(path);

    expect(video).toMatchObject({
      codec: 'h264',
      widthPx: 320,
      heightPx: 180,
      framesPerSecond: 25,
      startS: 0,
    });
    expect(audio).toMatchObject({ codec: 'aac', sampleRateHz: 48_000, channels: 2 });
    expect(audio?.startS).toBeCloseTo(0.5, 1);
    expect(durationS).toBeCloseTo(4, 1);
  });

  test('decodes from start to end without an error', async () => {
    expect(await (await inspectRecording(path)).decodeAll()).toEqual({ videoFrameCount: 100, errors: [] });
  });

  test('shows the colour of each part at each time', async () => {
    const recording = await inspectRecording(path);
    const [red, green, blue] = await recording.meanColorAt({ atS: 1, rect: LEFT_HALF });

    expect(red).toBeGreaterThan(240);
    expect(green).toBeLessThan(15);
    expect(blue).toBeLessThan(15);
    expect(await recording.isBlack(1)).toBe(false);
    expect(await recording.isBlack(3.5)).toBe(true);
  });

  test('tells a moving part from a still one', async () => {
    const recording = await inspectRecording(path);

    expect(await recording.motionIn({ fromS: 0, toS: 2, rect: RIGHT_HALF })).toBeGreaterThan(1);
    expect(await recording.motionIn({ fromS: 0, toS: 2, rect: LEFT_HALF })).toBeLessThan(0.3);
  });

  test('measures one tone beside another, and silence before and after them', async () => {
    const recording = await inspectRecording(path);
    const levelDb = (fromS: number, toS: number, hz: number) => recording.toneLevelDb({ fromS, toS, hz });

    expect(await levelDb(1, 2, 440)).toBeCloseTo(-12, 0);
    expect(await levelDb(1, 2, 660)).toBeCloseTo(-32, 0);
    expect(await levelDb(1, 2, 550)).toBeLessThan(-60);
    expect(await levelDb(0, 0.4, 440)).toBeLessThan(-80);
    expect(await levelDb(2.7, 3.5, 440)).toBeLessThan(-80);
  });

  test('saves a frame as a picture', async () => {
    const pngPath = join(folder, 'frame.png');
    await (await inspectRecording(path)).saveFrame(2, pngPath);

    expect((await readFile(pngPath)).subarray(1, 4).toString()).toBe('PNG');
  });

  test('is refused when it holds no media', async () => {
    await expect(inspectRecording(new URL(import.meta.url).pathname)).rejects.toThrow('ffprobe failed');
  });
});

/**
 * Four seconds: left half red, right half a moving test picture, black from 3 s on; 440 Hz at -12 dB and 660 Hz
 * at -32 dB in a sound stream that starts at 0.5 s and is silent from 2.5 s on. In fragments, as the worker writes.
 */
async function makeKnownRecording(path: string): Promise<void> {
  const sine = (hz: number, amplitude: number) => `${amplitude}*sin(2*PI*${hz}*t)`;
  const mono = `(${sine(440, 0.25)}+${sine(660, 0.025)})*lt(t,2)`;
  const sound = `aevalsrc='${mono}|${mono}':s=48000:d=3.5`;
  const video =
    'color=red:s=160x180:r=25:d=4[red];testsrc2=s=160x180:r=25:d=4[moving];' +
    `[red][moving]hstack,drawbox=c=black:t=fill:enable='gte(t,3)',format=yuv420p`;
  await runTool('ffmpeg', [
    ...['-v', 'error', '-f', 'lavfi', '-i', video],
    ...['-itsoffset', '0.5', '-f', 'lavfi', '-i', sound],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '10', '-c:a', 'aac', '-b:a', '192k'],
    ...['-movflags', 'frag_keyframe+delay_moov+default_base_moof', path],
  ]);
}
