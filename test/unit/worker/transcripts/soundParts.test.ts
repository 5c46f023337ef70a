import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { extractSound, withSound } from '../../../../worker/transcripts/extractSound.ts';
import { type PartLimits, type SoundPart, soundParts } from '../../../../worker/transcripts/soundParts.ts';
import { decodeSound } from '../../../support/inspect/decodeSound.ts';
import { probeMedia } from '../../../support/inspect/probeMedia.ts';
import { runTool } from '../../../support/inspect/runTool.ts';

/** Noise with a second of silence at these times, in seconds. */
const SILENT_AT_S = [9, 19, 28.5];
const LENGTH_S = 35;
const HUSH = SILENT_AT_S.map((at) => `volume=0:enable='between(t,${at},${at + 1})'`).join(',');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sound-parts-'));
  const picture = ['-f', 'lavfi', '-i', `testsrc=size=160x90:rate=10:duration=${LENGTH_S}`];
  const noise = `anoisesrc=color=pink:seed=1:duration=${LENGTH_S}:sample_rate=48000:amplitude=0.3,${HUSH}`;
  const sources = [...picture, '-f', 'lavfi', '-i', noise, '-ac', '2'];
  const video = ['-c:v', 'libx264', '-preset', 'ultrafast'];
  const fragmented = ['-movflags', '+frag_keyframe+empty_moov', '-f', 'mp4'];
  const files = [
    [...video, '-c:a', 'aac', '-b:a', '128k', ...fragmented, join(folder, 'call.movie')],
    ['-c:v', 'libvpx', '-b:v', '100k', '-c:a', 'libopus', '-f', 'webm', join(folder, 'webm.movie')],
    ['-vn', '-c:a', 'aac', '-f', 'mp4', join(folder, 'audio.movie')],
    [...video, '-an', '-f', 'mp4', join(folder, 'mute.movie')],
  ];
  for (const file of files) await runTool('ffmpeg', ['-v', 'error', '-y', ...sources, ...file]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function partsOf(name: string, limits?: PartLimits): Promise<SoundPart[]> {
  const soundPath = join(folder, `${name}.sound`);
  expect(await extractSound(join(folder, `${name}.movie`), soundPath)).toBe(true);
  return withSound(soundPath, async (track) => {
    const parts: SoundPart[] = [];
    if (track) for await (const part of soundParts(track, limits)) parts.push(part);
    return parts;
  });
}

async function saved(part: SoundPart): Promise<string> {
  const path = join(folder, `part-${part.startS}-${part.fileName}`);
  await writeFile(path, part.bytes);
  return path;
}

describe('the sound of a recording', () => {
  test.each([
    ['call', 'aac', 'audio/mp4'],
    ['audio', 'aac', 'audio/mp4'],
    ['webm', 'opus', 'audio/webm'],
  ])('%s is one file of %s without pictures, where it is short', async (name, codec, mediaType) => {
    const parts = await partsOf(name);
    expect(parts).toHaveLength(1);
    const [part] = parts as [SoundPart];
    expect(part).toMatchObject({ startS: expect.closeTo(0, 1), mediaType });
    expect(part.durationS).toBeCloseTo(LENGTH_S, 0);
    const probed = await probeMedia(await saved(part));
    expect(probed).toMatchObject({ video: null, audio: { codec, sampleRateHz: 48_000 } });
    expect(probed.durationS).toBeCloseTo(LENGTH_S, 0);
  });

  test('is cut where it is silent, into parts that follow each other without a gap', async () => {
    const parts = await partsOf('call', { longestS: 10.3, mostBytes: 1e9 });
    const cuts = parts.slice(1).map(({ startS }) => startS);
    expect(cuts).toHaveLength(3);
    for (const [at, cut] of cuts.entries()) {
      expect(cut).toBeGreaterThan(SILENT_AT_S[at] as number);
      expect(cut).toBeLessThan((SILENT_AT_S[at] as number) + 1);
    }
    for (const [at, { startS, durationS }] of parts.entries())
      expect(parts[at + 1]?.startS ?? LENGTH_S).toBeCloseTo(startS + durationS, at === 3 ? 0 : 3);
  });

  test('is at the same time in a part as it was in the recording', async () => {
    const [, part] = (await partsOf('call', { longestS: 10.3, mostBytes: 1e9 })) as [SoundPart, SoundPart];
    const [range, own] = [
      { fromS: 12, toS: 14 },
      { fromS: 12 - part.startS, toS: 14 - part.startS },
    ];
    const whole = await decodeSound(join(folder, 'call.movie'), 2, range);
    const cut = await decodeSound(await saved(part), 2, own);
    // An encoder's delay is told by the front of a file alone, and is some 20 ms.
    expect(Math.abs(delayS(whole, cut))).toBeLessThan(0.05);
  });

  test('is cut where a part would have too many bytes', async () => {
    const parts = await partsOf('call', { longestS: 1e9, mostBytes: 150_000 });
    expect(parts.length).toBeGreaterThan(3);
    for (const { bytes } of parts) expect(bytes.byteLength).toBeLessThan(165_000);
  });

  test('is read as far as a file goes that was cut off', async () => {
    const whole = await readFile(join(folder, 'call.movie'));
    await writeFile(join(folder, 'cut.movie'), whole.subarray(0, whole.byteLength / 2));
    const [part] = (await partsOf('cut')) as [SoundPart];
    expect(part.durationS).toBeGreaterThan(5);
    expect(part.durationS).toBeLessThan(30);
  });

  test('may not be there at all', async () => {
    expect(await extractSound(join(folder, 'mute.movie'), join(folder, 'mute.sound'))).toBe(false);
  });
});

/** By how much the second sound is later than the first, as far as their correlation tells, in seconds. */
function delayS(one: Float32Array, other: Float32Array): number {
  const RATE = 48_000;
  let best = { delay: 0, sum: Number.NEGATIVE_INFINITY };
  for (let delay = -RATE / 10; delay <= RATE / 10; delay += 8) {
    let sum = 0;
    for (let at = RATE / 2; at < RATE; at += 3) sum += (one[at] ?? 0) * (other[at + delay] ?? 0);
    if (sum > best.sum) best = { delay, sum };
  }
  return best.delay / RATE;
}
