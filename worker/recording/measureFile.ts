import { ALL_FORMATS, FilePathSource, Input } from 'mediabunny';

/** What a media file holds. */
export interface FileContent {
  /** Pictures in it; 0 where there is only sound. */
  readonly frames: number;
  readonly durationS: number;
}

/**
 * Reads how many pictures a recording holds and how long it is, also where its writing was cut off. Used where the
 * recorder can no longer tell what of its work has arrived. Resolves to null where the file cannot be read.
 */
export async function measureFile(path: string): Promise<FileContent | null> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const video = await input.getPrimaryVideoTrack();
    const frames = video ? (await video.computePacketStats()).packetCount : 0;
    return { frames, durationS: await input.computeDuration() };
  } catch {
    return null; // nothing in it that a player could show
  } finally {
    input.dispose();
  }
}
