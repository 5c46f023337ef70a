import type { Movie } from '../movie.ts';
import { clusterStream } from './clusterStream.ts';
import { elementAt } from './elements.ts';
import { headerOfUnknownLength } from './readWebMHeader.ts';
import { type WebMLog, webMLog } from './webMLog.ts';

/** A WebM whose length is unknown while it grows. Of later segments, only the clusters are kept. */
export function createWebMMovie(): Movie {
  return webMMovie(webMLog());
}

/** The same, going on with what the log knows. */
export function webMMovie(log: WebMLog): Movie {
  let stream = clusterStream();
  return {
    beginSegment: () => {
      stream = clusterStream();
    },
    take: (bytes, position) => {
      const { header, clusters } = stream.take(bytes, position);
      const pieces = [];
      if (header && log.header() === null) {
        log.begin(header);
        pieces.push({ bytes: headerOfUnknownLength(header), position: 0 });
      }
      for (const cluster of clusters) {
        pieces.push({ bytes: cluster, position: log.sizeBytes() });
        log.addCluster(cluster.length, cluster.subarray(elementAt(cluster, 0)?.contentStart));
      }
      return pieces;
    },
    skipTo: (position) => {
      throw new Error(`a WebM cannot be gone on with at byte ${position}, in the middle of a cluster`);
    },
    written: log.written,
    sizeBytes: log.sizeBytes,
    heldBytes: log.sizeBytes,
    ending: log.ending,
  };
}
