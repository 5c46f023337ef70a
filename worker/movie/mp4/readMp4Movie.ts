import type { FileReader } from '../fileReader.ts';
import type { Movie, MovieOptions } from '../movie.ts';
import { type Box, boxAt } from './boxes.ts';
import { createMp4Movie, mp4Movie } from './createMp4Movie.ts';
import { type Mp4Log, mp4Log } from './mp4Log.ts';
import { readFinishedMp4 } from './readFinishedMp4.ts';

/** Reads an MP4 that is made of fragments, up to its last complete one, or one that is finished already. */
export async function readMp4Movie(file: FileReader, options: MovieOptions): Promise<Movie> {
  const log = mp4Log();
  const front = await readFront(file);
  if (front === null) return createMp4Movie(options);
  if (!front.isFragmented) return readFinishedMp4(front.moov, file.sizeBytes);
  log.begin(front.moov, front.endBytes);
  let next: number | null = front.endBytes;
  while (next !== null) next = await readPart(file, next, log);
  return mp4Movie(log, options);
}

/** The `moov`, and where the media begins. Null if the file ends before. */
async function readFront(file: FileReader) {
  const fileType = await wholeBoxAt(file, 0);
  if (fileType?.type !== 'ftyp') return null;
  let at = fileType.end;
  let moov: Buffer | null = null;
  for (let box = await wholeBoxAt(file, at); box; box = await wholeBoxAt(file, at)) {
    if (box.type === 'moov') moov = Buffer.from(await file.read(box.start, box.end - box.start));
    // The header of a media box that holds everything says that the file is finished.
    const isFragmented = moov?.includes('mvex') === true;
    if (moov && (!isFragmented || box.type === 'free')) return { moov, isFragmented, endBytes: box.end };
    at = box.end;
  }
  return null;
}

/**
 * Reads the part at `at` into the log. Resolves to where the next one begins, or null if this was the last. The
 * file ends before a part that cannot be read, as a loss of power may leave one.
 */
async function readPart(file: FileReader, at: number, log: Mp4Log): Promise<number | null> {
  const box = await wholeBoxAt(file, at);
  if (box?.type === 'skip') {
    const change = await file.read(at, box.end - at);
    return isTaken(() => log.noteHeaderChange(change)) ? box.end : null;
  }
  if (box?.type === 'free') {
    log.skipTo(box.end);
    return box.end;
  }
  if (box?.type !== 'moof') return null;
  const media = await wholeBoxAt(file, box.end);
  if (media?.type !== 'mdat') return null;
  const fragment = Buffer.from(await file.read(at, box.end - at));
  return isTaken(() => log.addFragment(fragment, at, media.end - media.start)) ? media.end : null;
}

function isTaken(take: () => void): boolean {
  try {
    take();
    return true;
  } catch {
    return false;
  }
}

/** The box at `at`, if the whole of it is in the file. */
async function wholeBoxAt(file: FileReader, at: number): Promise<Box | null> {
  const header = await file.read(at, 16);
  const box = boxAt(header, 0);
  if (box === null || at + box.end > file.sizeBytes) return null;
  return { type: box.type, start: at, contentStart: at + box.contentStart, end: at + box.end };
}
