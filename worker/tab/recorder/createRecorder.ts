import type { CaptureStats, RecorderMessage, RecorderOptions } from '../../../shared/recorderMessages.ts';
import { openMovie } from './openMovie.ts';
import { openStream } from './openStream.ts';
import { paceDisplay } from './paceDisplay.ts';
import { recordAudio } from './recordAudio.ts';
import { VideoRecording } from './videoRecording.ts';

const STATS_EVERY_MS = 500;
/** What was captured before the stop arrives within this time: sound after 20 ms, pictures after 11 ms. */
const MAX_ARRIVAL_MS = 120;
const MIN_ARRIVAL_MS = 40;
const LOOK_EVERY_MS = 10;

export interface Recorder {
  /** Starts to record, with the next picture that is not blank. */
  begin(): Promise<void>;
  /** Ends at this instant; resolves once the last byte is out. */
  stop(): Promise<CaptureStats>;
}

/** Opens a tab's stream and gets ready to record it. Bytes go to `write` with their place; the rest to `send`. */
export async function createRecorder(
  options: RecorderOptions,
  write: (bytes: Uint8Array, position: number) => Promise<void>,
  send: (message: RecorderMessage) => void,
): Promise<Recorder> {
  const nowUs = () => performance.now() * 1000 + options.timeOriginUs;
  const onError = (error: unknown) => send({ type: 'failed', message: String(error) });
  const stream = await openStream(options);
  const [videoTrack] = stream.getVideoTracks() as MediaStreamVideoTrack[];
  const [audioTrack] = stream.getAudioTracks() as MediaStreamAudioTrack[];
  if (!audioTrack) throw new Error('the tab gave no audio track');
  for (const track of stream.getTracks()) track.onended = () => onError(`the ${track.kind} of the tab ended`);

  if (videoTrack) paceDisplay(options.framesPerSecond);

  const movie = await openMovie(options, write, onError);
  const audio = recordAudio({ track: audioTrack, options, onError });
  const onFull = () => send({ type: 'max_duration' });
  const video = videoTrack
    ? new VideoRecording({ track: videoTrack, options, nowUs, onError, onFull, onBegun: startAudio })
    : null;

  function startAudio(startsBlank: boolean): void {
    audio.begin(movie, video?.startUs ?? nowUs());
    send({ type: 'begun', startsBlank });
  }

  function stats(): CaptureStats {
    if (video) return video.stats();
    return {
      frames: 0,
      droppedFrames: 0,
      durationS: audio.durationS(),
      blankForS: 0,
      silentForS: 0,
    };
  }

  const timer = setInterval(() => {
    const now = stats();
    send({ type: 'stats', stats: now });
    if (!video && now.durationS >= options.maxDurationS) onFull();
  }, STATS_EVERY_MS);

  return {
    begin: async () => {
      if (video) video.begin(movie);
      else startAudio(false);
    },
    stop: async () => {
      const endUs = nowUs();
      const durationS = video ? video.endAt(endUs) : audio.durationS();
      audio.endAt(durationS);
      await arrival(() => audio.durationS() >= durationS);
      clearInterval(timer);
      await video?.finish(endUs);
      audio.finish(durationS);
      for (const track of stream.getTracks()) track.stop();
      if (durationS > 0) await movie.finish();
      return stats();
    },
  };
}

/** Resolves once all is there, or nothing more is to be expected. */
async function arrival(isThere: () => boolean): Promise<void> {
  const startedAtMs = performance.now();
  const waitedMs = () => performance.now() - startedAtMs;
  while (waitedMs() < MIN_ARRIVAL_MS || (!isThere() && waitedMs() < MAX_ARRIVAL_MS))
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
}
