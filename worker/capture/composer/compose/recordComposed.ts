import type { ComposerMessage, ComposerStats } from '../../../../shared/recorder/composerMessages.ts';
import type { ContinuedTimeline } from '../../../../shared/recorder/recorderCalls.ts';
import { bytesOf } from '../../recorder/bytesOf.ts';
import { createSlotEncoder, type SlotEncoder } from '../../recorder/createSlotEncoder.ts';
import { VideoRecording } from '../../recorder/videoRecording.ts';
import type { FromThread, ToThread } from '../messages.ts';
import type { Kernel } from '../openKernel.ts';
import { type Answer, composePictures } from './composePictures.ts';
import type { Video } from './readVideo.ts';

const STATS_EVERY_MS = 500;
/** Pictures that may wait for their place on the timeline. */
const MOST_WAITING = 3;

/** The pictures of a recording, composed and encoded. */
export interface EncodedRecording {
  begin(continues: ContinuedTimeline | null): void;
  /** Ends at an instant of the clock of captured pictures, in microseconds. Resolves when everything is told. */
  end(atUs: number): Promise<void>;
  /** The last picture as a small JPEG, in base64; null where there is none. */
  picture(): Promise<string | null>;
  answer(answer: Answer): void;
}

export function recordComposed(
  given: Extract<ToThread, { type: 'open' }> & {
    kernel: Kernel;
    videos: ReadonlyMap<number, Video>;
    ask: (message: FromThread) => void;
    tell: (message: ComposerMessage) => void;
  },
): EncodedRecording {
  const { kernel, videos, picture, ask, tell } = given;
  const { framesPerSecond } = picture;
  const aheadMs = performance.timeOrigin - given.timeOriginUnixMs;
  const nowUs = () => (performance.now() + aheadMs) * 1000 + given.timeOriginUs;
  const onError = (error: unknown) => tell({ type: 'failed', message: String(error) });

  let queue: ReadableStreamDefaultController<VideoFrame> | null = null;
  const frames = new ReadableStream<VideoFrame>(
    {
      start: (controller) => {
        queue = controller;
      },
    },
    { highWaterMark: MOST_WAITING },
  );
  const emit = (frame: VideoFrame) => {
    if ((queue?.desiredSize ?? 0) > 0) queue?.enqueue(frame);
    else frame.close();
  };
  const composer = composePictures({ kernel, picture, videos, nowUs, ask, emit, onError });
  let hasEnded = false;
  const follow = async () => {
    const captured = given.captured.getReader();
    let next = await captured.read();
    ask({ type: 'captured' });
    for (; !next.done && !hasEnded; next = await captured.read()) await composer.capture(next.value);
    next.value?.close();
    await captured.cancel(); // a page that nobody looks at is not captured
  };
  follow().catch(onError);

  const encoders: SlotEncoder[] = [];
  const onFull = () => tell({ type: 'full' });
  const video = new VideoRecording({ frames, options: given, nowUs, onError, onFull });
  const slots = () => Math.round(video.durationS() * framesPerSecond);
  const stats = (): ComposerStats => ({
    slots: slots(),
    encodings: encoders.map((encoder) => encoder.counts()),
    ...video.health(),
    decodedS: Math.min(composer.decodedS(), video.durationS()),
    why: composer.why(),
  });
  const telling = setInterval(() => tell({ type: 'stats', stats: stats() }), STATS_EVERY_MS);

  function encoderFor(index: number, firstSlot: number, writtenS: number): SlotEncoder {
    const encoder = createSlotEncoder({
      picture,
      encoding: given.encodings[index] as (typeof given.encodings)[number],
      firstSlot,
      writtenS,
      onError,
      movie: {
        addPicture: (chunk, metadata) => {
          tell(pictureMessage(index, chunk, metadata));
        },
      },
    });
    encoders.push(encoder);
    return encoder;
  }

  return {
    answer: composer.answer,
    picture: () => video.picture(),
    begin: (continues) => {
      composer.begin();
      video.begin({
        continues,
        encodings: given.encodings.map((_, index) => ({
          startPictures: (firstSlot, writtenS) => encoderFor(index, firstSlot, writtenS),
        })),
        onBegun: (startsBlank) => {
          composer.countAnew();
          tell({ type: 'begun', startsBlank, startUs: Number(video.startUs), firstSlot: slots() });
        },
      });
    },
    end: async (atUs) => {
      hasEnded = true;
      composer.stop();
      clearInterval(telling);
      video.endAt(atUs);
      await video.finish(atUs);
      tell({ type: 'finished', stats: stats() });
    },
  };
}

function pictureMessage(
  encoding: number,
  chunk: EncodedVideoChunk,
  metadata: EncodedVideoChunkMetadata | undefined,
): ComposerMessage {
  const bytes = new Uint8Array(chunk.byteLength);
  chunk.copyTo(bytes);
  const config = metadata?.decoderConfig;
  return {
    type: 'picture',
    encoding,
    isKey: chunk.type === 'key',
    timestampUs: chunk.timestamp,
    durationUs: chunk.duration ?? 0,
    data: bytes.toBase64(),
    config: config
      ? {
          codec: config.codec,
          codedWidth: config.codedWidth ?? 0,
          codedHeight: config.codedHeight ?? 0,
          description: config.description ? bytesOf(config.description).toBase64() : null,
        }
      : null,
  };
}
