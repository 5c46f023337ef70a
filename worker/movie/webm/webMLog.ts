import type { Ending } from '../../storage/storage.ts';
import { growingNumbers } from '../growingNumbers.ts';
import type { Written } from '../movie.ts';
import { type ClusterIndex, makeWebMEnding } from './makeWebMEnding.ts';
import { readCluster } from './readCluster.ts';
import type { WebMHeader } from './readWebMHeader.ts';

/** What is known of the file: its header, and where each cluster is. */
export interface WebMLog {
  sizeBytes(): number;
  written(): Written;
  header(): WebMHeader | null;
  begin(header: WebMHeader): void;
  /** Takes a cluster that is at the file's end, or will be written there, and its content. */
  addCluster(lengthBytes: number, content: Buffer): void;
  ending(): Ending | null;
}

export function webMLog(): WebMLog {
  let header: WebMHeader | null = null;
  let sizeBytes = 0;
  let frames = 0;
  const endsMs = { video: 0, audio: 0 };
  const index: ClusterIndex = {
    positions: growingNumbers(Float64Array),
    timesMs: growingNumbers(Float64Array),
    trackNumbers: growingNumbers(Uint8Array),
  };

  return {
    sizeBytes: () => sizeBytes,
    header: () => header,
    written: () => ({ videoS: endsMs.video / 1000, audioS: endsMs.audio / 1000, frames }),
    begin: (first) => {
      header = first;
      sizeBytes = first.bytes.length;
    },
    addCluster: (lengthBytes, content) => {
      const blocks = readCluster(content);
      const tracks = header?.tracks ?? [];
      const main = tracks.find(({ kind }) => kind === 'video') ?? tracks[0];
      const first = blocks.find(({ track }) => track === main?.number) ?? blocks[0];
      if (first) {
        index.positions.push(sizeBytes);
        index.timesMs.push(Math.max(0, first.timeMs));
        index.trackNumbers.push(first.track);
      }
      for (const { track, timeMs } of blocks) {
        const { kind, frameMs } = tracks.find(({ number }) => number === track) ?? {
          kind: 'audio',
          frameMs: 0,
        };
        endsMs[kind] = Math.max(endsMs[kind], timeMs + frameMs);
        if (kind === 'video') frames++;
      }
      sizeBytes += lengthBytes;
    },
    ending: () => {
      if (header === null || index.positions.length === 0) return null;
      const durationMs = Math.max(endsMs.video, endsMs.audio);
      return makeWebMEnding({ header, index, durationMs, sizeBytes });
    },
  };
}
