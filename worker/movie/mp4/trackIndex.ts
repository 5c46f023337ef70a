import { type GrowingNumbers, growingNumbers } from '../growingNumbers.ts';
import type { Sample } from './readFragment.ts';

/** A list of numbers, in which equal ones that follow each other are counted. */
export interface CountedNumbers {
  readonly counts: GrowingNumbers;
  readonly values: GrowingNumbers;
}

/** Where the samples of a track are, in typed arrays: 12 hours of pictures and sound take about 15 MB. */
export interface TrackIndex {
  readonly sizes: GrowingNumbers;
  readonly shifts: CountedNumbers;
  /** Numbers of the samples that can be decoded without others, from 1 on. */
  readonly syncSamples: GrowingNumbers;
  readonly chunks: {
    /** Position in the file. */
    readonly offsets: GrowingNumbers;
    readonly sampleCounts: GrowingNumbers;
    /** Numbers of the sample descriptions, from 1 on. */
    readonly descriptions: GrowingNumbers;
  };
  /** How long each sample lasts: until the next one. */
  durations(): CountedNumbers;
  /** When the first sample is decoded, in the track's timescale; 0 without samples. */
  startTime(): number;
  /** When the last sample ends. */
  endTime(): number;
  /** Adds samples that lie one after the other at `offset` of the file. */
  addChunk(chunk: {
    readonly offset: number;
    readonly startTime: number;
    readonly description: number;
    readonly samples: readonly Sample[];
  }): void;
}

export function createTrackIndex(): TrackIndex {
  const sizes = growingNumbers(Uint32Array);
  const durations = countedNumbers(Uint32Array);
  const shifts = countedNumbers(Int32Array);
  const syncSamples = growingNumbers(Uint32Array);
  const chunks = {
    offsets: growingNumbers(Float64Array),
    sampleCounts: growingNumbers(Uint32Array),
    descriptions: growingNumbers(Uint8Array),
  };
  let startTime = 0;
  let endTime = 0;

  /** The last sample lasts longer or shorter, so that the next one begins at `time`. */
  function endLastAt(time: number): void {
    const last = durations.values.at(durations.values.length - 1);
    const lasts = last + time - endTime;
    dropLast(durations);
    count(durations, lasts);
    endTime = time;
  }

  return {
    sizes,
    shifts,
    syncSamples,
    chunks,
    durations: () => durations,
    startTime: () => startTime,
    endTime: () => endTime,
    addChunk: ({ offset, startTime: givenTime, description, samples }) => {
      if (sizes.length === 0) {
        startTime = givenTime;
        endTime = givenTime;
      }
      const skipped = overlap(samples, givenTime, endTime);
      const kept = samples.slice(skipped.samples);
      if (kept.length === 0) return;
      if (skipped.untilTime !== endTime) endLastAt(skipped.untilTime);
      for (const { size, duration, isSync, shift } of kept) {
        sizes.push(size);
        count(durations, duration);
        count(shifts, shift);
        if (isSync) syncSamples.push(sizes.length);
        endTime += duration;
      }
      chunks.offsets.push(offset + skipped.bytes);
      chunks.sampleCounts.push(kept.length);
      chunks.descriptions.push(description);
    },
  };
}

/**
 * How many of the samples begin before what is there already has ended, by more than half their length. A
 * recorder page that goes on with sound may begin a little too early, because packets of sound have a fixed
 * length.
 */
function overlap(samples: readonly Sample[], startTime: number, endTime: number) {
  const skipped = { samples: 0, bytes: 0, untilTime: startTime };
  for (const { size, duration } of samples) {
    if (skipped.untilTime + duration / 2 > endTime) break;
    skipped.samples++;
    skipped.bytes += size;
    skipped.untilTime += duration;
  }
  return skipped;
}

function countedNumbers(Values: Uint32ArrayConstructor | Int32ArrayConstructor): CountedNumbers {
  return { counts: growingNumbers(Uint32Array), values: growingNumbers(Values) };
}

function count({ counts, values }: CountedNumbers, value: number): void {
  const last = values.length - 1;
  if (last >= 0 && values.at(last) === value && counts.at(last) > 0) counts.set(last, counts.at(last) + 1);
  else {
    counts.push(1);
    values.push(value);
  }
}

/** Takes the last number away again. Its place may stay, with a count of 0. */
function dropLast({ counts }: CountedNumbers): void {
  const last = counts.length - 1;
  counts.set(last, counts.at(last) - 1);
}
