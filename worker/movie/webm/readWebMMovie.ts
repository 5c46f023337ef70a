import type { FileReader } from '../fileReader.ts';
import type { Movie } from '../movie.ts';
import { createWebMMovie, webMMovie } from './createWebMMovie.ts';
import { elementAt, IDS } from './elements.ts';
import { readWebMHeader } from './readWebMHeader.ts';
import { webMLog } from './webMLog.ts';

const LONGEST_HEADER_BYTES = 64 * 1024;
/** An id of 4 bytes, and a length of at most 8. */
const ELEMENT_HEADER_BYTES = 12;

/**
 * Reads a WebM up to its last complete cluster. What stands behind it, such as an index or a cluster that cannot be
 * read, is dropped.
 */
export async function readWebMMovie(file: FileReader): Promise<Movie> {
  const header = readWebMHeader(await file.read(0, LONGEST_HEADER_BYTES));
  if (header === null) return createWebMMovie();
  const log = webMLog();
  log.begin(header);
  for (let at = log.sizeBytes(); ; at = log.sizeBytes()) {
    const cluster = elementAt(await file.read(at, ELEMENT_HEADER_BYTES), 0);
    if (cluster?.id !== IDS.cluster || cluster.end === null || at + cluster.end > file.sizeBytes) break;
    const content = await file.read(at + cluster.contentStart, cluster.end - cluster.contentStart);
    try {
      log.addCluster(cluster.end, content);
    } catch {
      break;
    }
  }
  return webMMovie(log);
}
