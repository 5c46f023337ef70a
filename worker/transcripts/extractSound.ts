import { rename } from 'node:fs/promises';
import type { EncodedPacket, InputAudioTrack, Target } from 'mediabunny';

type DecoderConfig = NonNullable<Awaited<ReturnType<InputAudioTrack['getDecoderConfig']>>>;

/** The sound of a recording, as it was encoded. */
export interface SoundTrack {
  readonly codec: 'aac' | 'opus';
  readonly config: DecoderConfig;
  /** In the order of the recording. */
  packets(): AsyncIterable<EncodedPacket>;
}

/** The library is loaded only if it is needed, because it takes memory that most workers would never use. */
export const loadMediabunny = () => import('mediabunny');

/**
 * Opens a recording, or a file of its sound, and hands its sound to `use`; null where it has none. A file that was cut off
 * anywhere is read up to there.
 */
export async function withSound<T>(path: string, use: (track: SoundTrack | null) => Promise<T>): Promise<T> {
  const { EncodedPacketSink, FilePathSource, Input, MP4, WEBM } = await loadMediabunny();
  const input = new Input({ source: new FilePathSource(path), formats: [MP4, WEBM] });
  try {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) return await use(null);
    const sink = new EncodedPacketSink(track);
    return await use({ ...(await encodingOf(track)), packets: () => sink.packets() });
  } finally {
    input.dispose();
  }
}

async function encodingOf(track: InputAudioTrack): Promise<Pick<SoundTrack, 'codec' | 'config'>> {
  const { codec } = track;
  const config = await track.getDecoderConfig();
  if ((codec !== 'aac' && codec !== 'opus') || config === null)
    throw new Error(`the sound is encoded as ${codec ?? 'something unknown'}, which no recording is`);
  return { codec, config };
}

/** Makes a file of the sound of a recording alone, as it is encoded. Resolves to whether there is any sound. */
export async function extractSound(moviePath: string, soundPath: string): Promise<boolean> {
  return withSound(moviePath, async (track) => {
    if (track === null) return false;
    const { FilePathTarget } = await loadMediabunny();
    const newPath = `${soundPath}.new`;
    const isAny = await writeSound(track, track.packets(), new FilePathTarget(newPath));
    if (isAny) await rename(newPath, soundPath);
    return isAny;
  });
}

/** Writes packets as an MP4 or a WebM that begins with the first of them. Resolves to whether there was any. */
export async function writeSound(
  { codec, config }: Pick<SoundTrack, 'codec' | 'config'>,
  packets: AsyncIterable<EncodedPacket> | Iterable<EncodedPacket>,
  target: Target,
): Promise<boolean> {
  const { EncodedAudioPacketSource, Mp4OutputFormat, Output, WebMOutputFormat } = await loadMediabunny();
  const format = codec === 'aac' ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat();
  const output = new Output({ format, target });
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  let startS: number | null = null;
  for await (const packet of packets) {
    startS ??= packet.timestamp;
    const moved = packet.clone({ timestamp: Math.max(0, packet.timestamp - startS) });
    await source.add(moved, { decoderConfig: config });
  }
  await (startS === null ? output.cancel() : output.finalize());
  return startS !== null;
}
