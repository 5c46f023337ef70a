import { elementAt, IDS } from './elements.ts';
import { readCluster } from './readCluster.ts';
import { readWebMHeader, type WebMHeader } from './readWebMHeader.ts';

export interface ClusterStream {
  /** Takes bytes and their position in the stream. Returns what is complete now. */
  take(bytes: Uint8Array, position: number): { header: WebMHeader | null; clusters: Buffer[] };
}

/**
 * Cuts the stream of a WebM into its header and its clusters. A cluster is begun with a length that does not
 * count its blocks yet. It is complete when its length has been written over, and reaches to the next cluster
 * or to the end of what there is.
 */
export function clusterStream(): ClusterStream {
  /** The bytes from `start` on, of which some were returned already. */
  let waiting: Buffer = Buffer.alloc(0);
  let start = 0;
  let hasHeader = false;

  function put(bytes: Uint8Array, position: number): void {
    const at = position - start;
    if (at > waiting.length) throw new Error(`the stream lacks bytes at ${start + waiting.length}`);
    const skipped = Math.max(0, -at); // written over what was returned already
    if (skipped >= bytes.byteLength) return;
    const kept = bytes.subarray(skipped);
    const from = at + skipped;
    if (from + kept.byteLength > waiting.length) waiting = Buffer.concat([waiting.subarray(0, from), kept]);
    else waiting.set(kept, from);
  }

  function nextCluster(): Buffer | null {
    const cluster = elementAt(waiting, 0);
    if (cluster?.id !== IDS.cluster || cluster.end === null || cluster.end > waiting.length) return null;
    const follows = elementAt(waiting, cluster.end);
    const isFollowed = follows?.id === IDS.cluster || follows?.id === IDS.cues;
    if (cluster.end !== waiting.length && !isFollowed) return null;
    if (readCluster(waiting.subarray(cluster.contentStart, cluster.end)).length === 0) return null;
    return waiting.subarray(0, cluster.end);
  }

  function drop(length: number): void {
    waiting = Buffer.from(waiting.subarray(length));
    start += length;
  }

  return {
    take: (bytes, position) => {
      put(bytes, position);
      const header = hasHeader ? null : readWebMHeader(waiting);
      if (header) {
        hasHeader = true;
        drop(header.bytes.length);
      }
      const clusters: Buffer[] = [];
      if (!hasHeader) return { header, clusters };
      for (let next = nextCluster(); next; next = nextCluster()) {
        clusters.push(Buffer.from(next));
        drop(next.length);
      }
      return { header, clusters };
    },
  };
}
