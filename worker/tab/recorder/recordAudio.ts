import type { RecorderOptions } from '../../../shared/recorderMessages.ts';
import type { Movie } from './openMovie.ts';
import { createSampleTimeline, type SampleTimeline } from './sampleTimeline.ts';

const CHANNELS = 2;
/** Sound from before the first picture is known waits here, at most this many blocks of 10 ms. */
const MAX_WAITING = 500;

interface Block {
  readonly timestampUs: number;
  readonly samples: Float32Array;
}

export interface AudioRecording {
  samples(): number;
  /** Sound from this instant on goes into the movie. */
  begin(movie: Movie, startUs: number): void;
  /** Takes no sound from after this many seconds of recording. */
  endAt(durationS: number): void;
  /** Fills up with silence, so that sound ends together with the picture. */
  finish(durationS: number): void;
}

/** Reads the tab's sound from now on; what came before `begin` but belongs after its instant is not lost. */
export function recordAudio(given: {
  track: MediaStreamAudioTrack;
  options: RecorderOptions;
  sampleRate: number;
  onError: (error: unknown) => void;
}): AudioRecording {
  const { sampleRate, options } = given;
  const waiting: Block[] = [];
  let begun: { movie: Movie; timeline: SampleTimeline } | null = null;
  let maxSamples = Math.round(options.maxDurationS * sampleRate);
  let hasEnded = false;

  function write(movie: Movie, samples: Float32Array, atSample: number): void {
    const fitting = samples.subarray(0, Math.max(0, maxSamples - atSample) * CHANNELS);
    if (fitting.length > 0) movie.addSound(fitting, atSample / sampleRate);
  }

  function writeSilence(movie: Movie, length: number, atSample: number): void {
    for (let done = 0; done < length; done += sampleRate) {
      write(movie, new Float32Array(Math.min(sampleRate, length - done) * CHANNELS), atSample + done);
    }
  }

  function put({ timestampUs, samples }: Block): void {
    if (!begun) return;
    const { movie, timeline } = begun;
    const at = timeline.samples();
    const { silence, skip } = timeline.place(timestampUs, samples.length / CHANNELS);
    writeSilence(movie, silence, at);
    write(movie, samples.subarray(skip * CHANNELS), at + silence);
  }

  readBlocks(given.track, (data) => {
    const block = {
      timestampUs: data.timestamp + options.timeOriginUs,
      samples: toStereo(data),
    };
    data.close();
    if (hasEnded) return;
    if (begun) return put(block);
    waiting.push(block);
    if (waiting.length > MAX_WAITING) waiting.shift();
  }).catch(given.onError);

  return {
    samples: () => Math.min(begun?.timeline.samples() ?? 0, maxSamples),
    begin: (movie, startUs) => {
      begun = {
        movie,
        timeline: createSampleTimeline({ startUs, sampleRate }),
      };
      for (const block of waiting.splice(0)) put(block);
    },
    endAt: (durationS) => {
      maxSamples = Math.min(maxSamples, Math.round(durationS * sampleRate));
    },
    finish: (durationS) => {
      hasEnded = true;
      if (!begun) return;
      const at = begun.timeline.samples();
      writeSilence(begun.movie, begun.timeline.fillTo(Math.round(durationS * sampleRate)), at);
    },
  };
}

async function readBlocks(track: MediaStreamAudioTrack, take: (data: AudioData) => void): Promise<void> {
  const reader = new MediaStreamTrackProcessor({
    track,
    maxBufferSize: 500,
  }).readable.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) take(next.value);
}

/** Interleaved stereo; mono goes to both sides. */
function toStereo(data: AudioData): Float32Array {
  const interleaved = new Float32Array(data.numberOfFrames * CHANNELS);
  const plane = new Float32Array(data.numberOfFrames);
  for (let channel = 0; channel < CHANNELS; channel++) {
    data.copyTo(plane, {
      planeIndex: Math.min(channel, data.numberOfChannels - 1),
      format: 'f32-planar',
    });
    for (let index = 0; index < plane.length; index++)
      interleaved[index * CHANNELS + channel] = plane[index] ?? 0;
  }
  return interleaved;
}
