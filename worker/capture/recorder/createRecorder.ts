import type { ComposerMessage } from '../../../shared/recorder/composerMessages.ts';
import type { ContinuedTimeline, RecorderOptions } from '../../../shared/recorder/recorderCalls.ts';
import type { CaptureStats, RecorderMessage } from '../../../shared/recorder/recorderMessages.ts';
import { type ComposedPictures, type ComposerOutlet, createComposedPictures } from './composedPictures.ts';
import { type Encoding, openEncoding } from './openEncoding.ts';
import { type AudioRecording, recordAudio } from './recordAudio.ts';
import { type Pictures, VideoRecording } from './videoRecording.ts';

const STATS_EVERY_MS = 500;
/**
 * If the page did not run for this long, the machine was suspended. A track keeps sound for 5 s, so a page that
 * is only slow loses less.
 */
const SUSPENDED_MS = 5_000;
/**
 * How long to wait after a stop for what was captured before it. Pictures arrive after 11 ms, sound after 20
 * ms, and seldom later.
 */
const PICTURE_ARRIVAL_MS = 30;
const MAX_SOUND_ARRIVAL_MS = 120;
const LOOK_EVERY_MS = 5;
/** Frames that the track keeps for us while we are busy. */
const TRACK_BUFFER_FRAMES = 8;

export interface Recorder {
  /**
   * Starts to record. `continues` is null where the recording begins with this page. With `isComposed`, the pictures
   * come from the composer of the recorded page.
   */
  begin(continues: ContinuedTimeline | null, isComposed: boolean): Promise<void>;
  /** What the composer has told. */
  takeComposed(message: ComposerMessage): void;
  /** Ends the recording at this instant and resolves once the last byte of each file is written. */
  stop(): Promise<CaptureStats>;
  /** The same, but the stream stays open for the recorder that goes on. It delivers nothing meanwhile. */
  pause(): Promise<CaptureStats>;
  /** The last picture of the tab as a small JPEG, in base64; null where the tab is not captured. */
  picture(): Promise<string | null>;
}

/** What the recorder needs of the page around it. */
export interface RecorderOutlets {
  /** Takes bytes of an encoding's file and their position in it. Resolves when it can take more. */
  write(encoding: number, bytes: Uint8Array, position: number): Promise<void>;
  send(message: RecorderMessage): void;
  readonly composer: ComposerOutlet;
  /** The compiled kernel for sound. */
  readonly soundKernel: BufferSource;
}

/** Gets ready to record the stream of a tab. It is read once for all encodings. */
export async function createRecorder(
  options: RecorderOptions,
  stream: MediaStream,
  { write, send, composer, soundKernel }: RecorderOutlets,
): Promise<Recorder> {
  const nowUs = () => performance.now() * 1000 + options.timeOriginUs;
  const onError = (error: unknown) => send({ type: 'failed', message: String(error) });
  const isLive = ({ readyState }: MediaStreamTrack) => readyState === 'live'; // see compose
  const [videoTrack] = (stream.getVideoTracks() as MediaStreamVideoTrack[]).filter(isLive);
  const [audioTrack] = stream.getAudioTracks() as MediaStreamAudioTrack[];
  if (!audioTrack) throw new Error('the tab gave no audio track');
  for (const track of stream.getTracks()) {
    track.enabled = true;
    track.onended = () => onError(`the ${track.kind} of the tab ended`);
  }

  const encodings = await openEncodings(options, { write, send });
  const audio = recordAudio({ track: audioTrack, options, kernel: soundKernel, onError });
  const onFull = () => send({ type: 'max_duration' });
  const captured = videoTrack
    ? new VideoRecording({ frames: framesOf(videoTrack), options, nowUs, onError, onFull })
    : null;
  let composed: ComposedPictures | null = null;
  let video: Pictures | null = captured;

  /** The tab is not captured as a picture any more, which is what costs. */
  function compose(): Pictures {
    captured?.stop();
    videoTrack?.stop();
    composed = createComposedPictures({ composer, options, nowUs, onError, onFull });
    return composed;
  }

  /** The instant of the first picture of the recording, once it is known. */
  let startUs: number | null = null;

  function startAudio(continues: ContinuedTimeline | null, startsBlank: boolean): void {
    const gridUs = video?.startUs ?? soundStartUs(continues, nowUs());
    startUs = continues === null || continues.afterPause === 'skip' ? gridUs : continues.startUs;
    audio.begin(encodings, gridUs, continues?.written.map(({ audioS }) => audioS) ?? []);
    send({
      type: 'begun',
      startsBlank,
      startUs,
      fromS: video ? video.durationS() : (nowUs() - startUs) / 1e6,
    });
  }

  function stats(): CaptureStats {
    const counts = encodings.map((encoding, index) => composed?.counts()[index] ?? encoding.counts());
    const { frames, droppedFrames } = counts[0] ?? { frames: 0, droppedFrames: 0 };
    const durationS = video ? video.durationS() : audio.durationS();
    const { blankForS, silentForS } = video?.health() ?? { blankForS: 0, silentForS: 0 };
    const decodedS = composed?.decodedS() ?? 0;
    return { frames, droppedFrames, durationS, blankForS, silentForS, decodedS, encodings: counts };
  }

  let statsAtUs = nowUs();
  /** Tells of a time in which this page did not run, in seconds of the recording. */
  function noteSuspension(): void {
    const [fromUs, untilUs] = [statsAtUs, nowUs()];
    statsAtUs = untilUs;
    if (startUs === null || untilUs - fromUs < SUSPENDED_MS * 1000) return;
    const fromS = Math.max(0, (fromUs - startUs) / 1e6);
    send({ type: 'suspended', fromS, untilS: (untilUs - startUs) / 1e6 });
  }

  const timer = setInterval(() => {
    noteSuspension();
    const now = stats();
    send({ type: 'stats', stats: now });
    if (!video && now.durationS >= options.maxDurationS) onFull();
  }, STATS_EVERY_MS);

  async function end(release: (track: MediaStreamTrack) => void): Promise<CaptureStats> {
    const durationS = await endTogether(video, audio, nowUs());
    clearInterval(timer);
    for (const track of stream.getTracks()) release(track);
    if (durationS > 0) await Promise.all(encodings.map((encoding) => encoding.finish()));
    return stats();
  }

  return {
    begin: async (continues, isComposed) => {
      if (isComposed && !options.audioOnly) video = compose();
      else if (!options.audioOnly && !videoTrack)
        throw new Error('the picture of the tab is captured no more');
      const onBegun = (startsBlank: boolean) => startAudio(continues, startsBlank);
      if (video) video.begin({ encodings, continues, onBegun });
      else onBegun(false);
    },
    takeComposed: (message) => composed?.take(message),
    stop: () => end((track) => track.stop()),
    picture: async () => (composed ? null : (captured?.picture() ?? null)),
    pause: () =>
      end((track) => {
        track.enabled = false;
      }),
  };
}

/** Where the timeline of a recording begins that has only sound. */
function soundStartUs(continues: ContinuedTimeline | null, nowUs: number): number {
  if (continues === null) return nowUs;
  if (continues.afterPause !== 'skip') return continues.startUs;
  return nowUs - Math.max(0, ...continues.written.map(({ audioS }) => audioS)) * 1e6;
}

function framesOf(track: MediaStreamVideoTrack): ReadableStream<VideoFrame> {
  return new MediaStreamTrackProcessor({ track, maxBufferSize: TRACK_BUFFER_FRAMES }).readable;
}

function openEncodings(
  options: RecorderOptions,
  { write, send }: Pick<RecorderOutlets, 'write' | 'send'>,
): Promise<Encoding[]> {
  const { picture, audioOnly } = options;
  return Promise.all(
    options.encodings.map((encoding, index) =>
      openEncoding({
        encoding,
        picture,
        audioOnly,
        write: (bytes, position) => write(index, bytes, position),
        onFailed: (error) => send({ type: 'encoding_failed', encoding: index, message: String(error) }),
      }),
    ),
  );
}

/**
 * Ends picture and sound at the same instant, after everything captured until then has arrived. Returns their
 * length in seconds.
 */
async function endTogether(video: Pictures | null, audio: AudioRecording, endUs: number): Promise<number> {
  const durationS = video ? video.endAt(endUs) : audio.durationS();
  audio.endAt(durationS);
  const sound = soundArrival(() => audio.durationS() >= durationS).then(() => audio.finish(durationS));
  const picture = pause(PICTURE_ARRIVAL_MS).then(() => video?.finish(endUs));
  await Promise.all([sound, picture]);
  return durationS;
}

/** Resolves once everything has arrived, or once nothing more can be expected. */
async function soundArrival(isThere: () => boolean): Promise<void> {
  const startedAtMs = performance.now();
  while (!isThere() && performance.now() - startedAtMs < MAX_SOUND_ARRIVAL_MS) await pause(LOOK_EVERY_MS);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
