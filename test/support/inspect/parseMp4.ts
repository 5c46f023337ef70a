import { readFile } from 'node:fs/promises';
import { createFile } from 'mp4box';

/** What mp4box, which shares no code with what wrote the file, finds in an MP4. */
export interface ParsedMp4 {
  readonly topBoxes: readonly string[];
  readonly isFragmented: boolean;
  readonly problems: readonly string[];
  /** For each track: codec, samples, and its length in seconds. */
  readonly tracks: readonly { codec: string; samples: number; durationS: number }[];
  /** Of the first track: when each sample begins, in seconds. */
  readonly timesS: readonly number[];
  /** How many bytes of samples reach beyond the media box. */
  readonly strayBytes: number;
}

/** Parses a whole MP4. */
export async function parseMp4(path: string): Promise<ParsedMp4> {
  const file = createFile();
  const problems: string[] = [];
  file.onError = (module, message) => void problems.push(`${module}: ${message}`);
  const bytes = await readFile(path);
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  file.appendBuffer(Object.assign(buffer, { fileStart: 0 }) as Parameters<typeof file.appendBuffer>[0]);
  file.flush();
  const { isFragmented, tracks } = file.getInfo();
  const media = file.boxes.find(({ type }) => type === 'mdat');
  const [start, end] = [media?.start ?? 0, (media?.start ?? 0) + (media?.size ?? 0)];
  const samples = tracks.flatMap(({ id }) => file.getTrackSamplesInfo(id));
  const stray = samples.filter(({ offset, size }) => offset < start + 8 || offset + size > end);
  return {
    topBoxes: file.boxes.map(({ type }) => type),
    isFragmented,
    problems,
    tracks: tracks.map(({ codec, nb_samples, duration, timescale }) => ({
      codec,
      samples: nb_samples,
      durationS: duration / timescale,
    })),
    timesS: file.getTrackSamplesInfo(tracks[0]?.id ?? 1).map(({ cts, timescale }) => cts / timescale),
    strayBytes: stray.reduce((sum, { size }) => sum + size, 0),
  };
}
