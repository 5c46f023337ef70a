import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, type InputTrack } from 'mediabunny';

/** What a media file holds. */
export interface FileContent {
  /** Number of pictures; 0 if there is only sound. */
  readonly frames: number;
  readonly durationS: number;
}

/**
 * Reads how many pictures a recording holds and how long it is, up to the point where writing stopped. Resolves
 * to null if nothing in the file can be played.
 */
export async function measureFile(path: string): Promise<FileContent | null> {
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  try {
    const video = await input.getPrimaryVideoTrack();
    const audio = await input.getPrimaryAudioTrack();
    const pictures = await measureTrack(video);
    const sounds = await measureTrack(audio);
    const durationS = Math.max(pictures.endS, sounds.endS);
    return durationS > 0 ? { frames: pictures.packets, durationS } : null;
  } catch {
    return null;
  } finally {
    input.dispose();
  }
}

/**
 * Counts a track's packets and finds where the last one ends. It stops at the end, or at the first packet
 * that cannot be read.
 */
async function measureTrack(track: InputTrack | null): Promise<{ packets: number; endS: number }> {
  let packets = 0;
  let endS = 0;
  if (track === null) return { packets, endS };
  try {
    const sink = new EncodedPacketSink(track);
    for await (const packet of sink.packets(undefined, undefined, { metadataOnly: true })) {
      packets++;
      endS = Math.max(endS, packet.timestamp + packet.duration);
    }
  } catch {
    // The file ends in the middle of a fragment. What came before it can be played.
  }
  return { packets, endS };
}
