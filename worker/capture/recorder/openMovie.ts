import { registerAacEncoder } from '@mediabunny/aac-encoder';
import {
  AudioSample,
  AudioSampleSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WebMOutputFormat,
} from 'mediabunny';
import type { PictureFormat, RecordedEncoding } from '../../../shared/recorder/recorderCalls.ts';
import { cutFragments } from './cutFragments.ts';
import { forgetPackets } from './forgetPackets.ts';
import { tagDecoderConfig, tagVp9KeyFrame } from './tagColors.ts';

// Chromium on Linux has no AAC encoder of its own, and Opus in MP4 does not open in common players.
registerAacEncoder();

/** A fragment of an MP4 is written when it is complete, so a crash loses this much at most. */
const FRAGMENT_S = 0.5;
/** A cluster of a WebM begins with a key frame, so it is longer where key frames are further apart. */
const CLUSTER_S = 1;
const CHANNELS = 2;
const SAMPLE_RATE = 48_000;

/**
 * An MP4 (fragmented) or WebM that is being written. It takes encoded pictures and raw sound, and gives
 * bytes.
 */
export interface Movie {
  /** Times are seconds since the start. */
  addPicture(
    chunk: EncodedVideoChunk,
    metadata: EncodedVideoChunkMetadata | undefined,
    atS: number,
    durationS: number,
  ): void;
  /** Takes interleaved stereo at 48 kHz. Resolves once the encoder has taken it. */
  addSound(samples: Float32Array, atS: number): Promise<unknown>;
  /** Resolves once the last byte was taken. One that was to have pictures and has none gets no bytes. */
  finish(): Promise<void>;
  /** Ends its encoders and takes nothing more. */
  cancel(): void;
}

/** `write` takes bytes for a position in the file and resolves when it can take more. */
export async function openMovie(given: {
  encoding: RecordedEncoding;
  picture: PictureFormat;
  audioOnly: boolean;
  write: (bytes: Uint8Array, position: number) => Promise<void>;
  onError: (error: unknown) => void;
}): Promise<Movie> {
  const { encoding, picture, write, onError } = given;
  const target = new StreamTarget(
    new WritableStream({ write: ({ data, position }) => write(data, position) }),
  );
  const isWebM = encoding.container === 'webm';
  const output: Output = new Output({ format: outputFormat(isWebM, () => forgetPackets(output)), target });
  const video = given.audioOnly ? null : new EncodedVideoPacketSource(isWebM ? 'vp9' : 'avc');
  const audio = new AudioSampleSource({ codec: isWebM ? 'opus' : 'aac', bitrate: encoding.audioBitrateBps });
  if (video) output.addVideoTrack(video, { frameRate: picture.framesPerSecond });
  output.addAudioTrack(audio);
  await output.start();
  if (!isWebM) cutFragments(output, FRAGMENT_S);

  let isWanted = given.audioOnly;
  let pictures: Promise<unknown> = Promise.resolve();
  let sounds: Promise<unknown> = Promise.resolve();
  return {
    addPicture: (chunk, metadata, timestamp, duration) => {
      isWanted = true;
      const packet = EncodedPacket.fromEncodedChunk(chunk).clone({ timestamp, duration });
      if (isWebM && packet.type === 'key') tagVp9KeyFrame(packet.data);
      const config = metadata?.decoderConfig && tagDecoderConfig(metadata.decoderConfig);
      const tagged = config ? { ...metadata, decoderConfig: config } : metadata;
      pictures = pictures.then(() => video?.add(packet, tagged)).catch(onError);
    },
    addSound: (data, timestamp) => {
      const sample = new AudioSample({
        data,
        format: 'f32',
        numberOfChannels: CHANNELS,
        sampleRate: SAMPLE_RATE,
        timestamp,
      });
      sounds = sounds
        .then(() => audio.add(sample))
        .catch(onError)
        .finally(() => sample.close());
      return sounds;
    },
    finish: async () => {
      await Promise.all([pictures, sounds]);
      // Without a picture, the sound would be its first track, and it would fit no other part of its recording.
      await (isWanted ? output.finalize() : output.cancel());
    },
    cancel: () => {
      output.cancel().catch(() => {}); // the file is lost already
    },
  };
}

function outputFormat(isWebM: boolean, onMoof: () => void) {
  return isWebM
    ? new WebMOutputFormat({ minimumClusterDuration: CLUSTER_S })
    : new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: FRAGMENT_S, onMoof });
}
