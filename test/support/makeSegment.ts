import {
  ALL_FORMATS,
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  Input,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
} from 'mediabunny';
import { runTool } from './inspect/runTool.ts';

export const FRAMES_PER_SECOND = 30;
const KEY_FRAME_EVERY = 60;

/** Encoded pictures and sound, of which segments of any length are made by repeating them. */
export interface Clip {
  readonly container: 'mp4' | 'webm';
  readonly video: readonly EncodedPacket[];
  readonly audio: readonly EncodedPacket[];
  readonly videoConfig: VideoDecoderConfig;
  readonly audioConfig: AudioDecoderConfig;
  /** How long a packet of sound is, in seconds. */
  readonly packetS: number;
}

/** Writes of a recorder page, in order. */
export type Write = { readonly bytes: Uint8Array; readonly position: number };

/** Encodes 4 seconds of moving picture and tone as the recorder does, and reads the packets back. */
export async function makeClip(
  path: string,
  container: 'mp4' | 'webm',
  size = '320x180',
  videoOptions: readonly string[] = [],
): Promise<Clip> {
  const codecs =
    container === 'mp4'
      ? ['-c:v', 'libx264', '-profile:v', 'baseline', '-bf', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac']
      : ['-c:v', 'libvpx-vp9', '-cpu-used', '8', '-deadline', 'realtime', '-c:a', 'libopus'];
  const picture = ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=${FRAMES_PER_SECOND}:duration=4`];
  const sound = ['-f', 'lavfi', '-i', 'sine=duration=4.2:sample_rate=48000'];
  const keys = ['-g', `${KEY_FRAME_EVERY}`, '-keyint_min', `${KEY_FRAME_EVERY}`, '-sc_threshold', '0'];
  const rate = ['-ar', '48000', '-ac', '2', ...(container === 'mp4' ? keys : keys.slice(0, 2))];
  await runTool('ffmpeg', [
    '-v',
    'error',
    '-y',
    ...picture,
    ...sound,
    ...codecs,
    ...rate,
    ...videoOptions,
    path,
  ]);
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const videoTrack = await input.getPrimaryVideoTrack();
  const audioTrack = await input.getPrimaryAudioTrack();
  if (!videoTrack || !audioTrack) throw new Error(`${path} lacks a track`);
  const read = async (track: typeof videoTrack | typeof audioTrack) => {
    const packets: EncodedPacket[] = [];
    for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
    return packets;
  };
  const clip = {
    container,
    video: (await read(videoTrack)).slice(0, 2 * KEY_FRAME_EVERY),
    audio: (await read(audioTrack)).slice(2),
    videoConfig: (await videoTrack.getDecoderConfig()) as VideoDecoderConfig,
    audioConfig: (await audioTrack.getDecoderConfig()) as AudioDecoderConfig,
    packetS: container === 'mp4' ? 1024 / 48_000 : 0.02,
  };
  input.dispose();
  return clip;
}

/**
 * Makes what a recorder page writes that records from `startS` to `endS` of the timeline, with sound from
 * `audioStartS` on. Resolves when all is written; `write` may be slow.
 */
export async function makeSegment(
  clip: Clip,
  given: { startS: number; endS: number; audioStartS?: number; finish?: boolean },
  write: (bytes: Uint8Array, position: number) => Promise<void>,
): Promise<void> {
  const isWebM = clip.container === 'webm';
  const target = new StreamTarget(
    new WritableStream({ write: ({ data, position }) => write(data, position) }),
  );
  const format = isWebM
    ? new WebMOutputFormat({ minimumClusterDuration: 1 })
    : new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 1 });
  const output = new Output({ format, target });
  const video = new EncodedVideoPacketSource(isWebM ? 'vp9' : 'avc');
  const audio = new EncodedAudioPacketSource(isWebM ? 'opus' : 'aac');
  output.addVideoTrack(video, { frameRate: FRAMES_PER_SECOND });
  output.addAudioTrack(audio);
  await output.start();
  let frame = 0;
  let packet = 0;
  const audioStartS = given.audioStartS ?? given.startS;
  const pictureS = () => given.startS + frame / FRAMES_PER_SECOND;
  const soundS = () => audioStartS + packet * clip.packetS;
  while (pictureS() < given.endS - 1e-6) {
    while (soundS() <= pictureS()) await addSound();
    const source = clip.video[frame % clip.video.length] as EncodedPacket;
    await video.add(source.clone({ timestamp: pictureS(), duration: 1 / FRAMES_PER_SECOND }), {
      decoderConfig: clip.videoConfig,
    });
    frame++;
  }
  while (soundS() + clip.packetS <= given.endS + 1e-6) await addSound();
  if (given.finish ?? true) await output.finalize();
  else await output.cancel();

  async function addSound(): Promise<void> {
    const source = clip.audio[packet % clip.audio.length] as EncodedPacket;
    await audio.add(source.clone({ timestamp: soundS(), duration: clip.packetS }), {
      decoderConfig: clip.audioConfig,
    });
    packet++;
  }
}

/** As above, with all writes in a list. */
export async function segmentWrites(clip: Clip, given: Parameters<typeof makeSegment>[1]): Promise<Write[]> {
  const writes: Write[] = [];
  await makeSegment(clip, given, async (bytes, position) => {
    writes.push({ bytes: Uint8Array.from(bytes), position });
  });
  return writes;
}
