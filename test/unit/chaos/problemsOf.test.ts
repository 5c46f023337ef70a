import { describe, expect, test } from 'vitest';
import type { RecordingEvent, RecordingResult } from '../../../shared/events/recordingEvents.ts';
import type { FileVerdict } from '../../chaos/judgeFile.ts';
import { problemsOf } from '../../chaos/problemsOf.ts';

/** A call of 20 s, of which 2 s are missing and stated. */
const file: FileVerdict = {
  durationS: 20,
  frames: 540,
  errors: [],
  gaps: [{ fromS: 6, untilS: 8 }],
  missingS: 2,
  displacedS: 0.03,
  outOfStepS: 0.05,
  pairs: 17,
  fromS: 1,
  untilS: 21,
};
const result = {
  status: 'completed',
  error: null,
  frames: 540,
  duration_s: 20,
  warnings: [],
  gaps: [{ from_s: 5, until_s: 7, reason: 'the browser was lost' }],
} as unknown as RecordingResult;
const events = [{ type: 'call.recording_ready', result }] as unknown as RecordingEvent[];
const fine = { result, file, events, endedAtS: 21, isPagesOwn: false, failsWith: null, mostLostAtEndS: 0 };

test('a recording of which two seconds are missing and stated has no problem', () => {
  expect(problemsOf(fine)).toEqual([]);
});

describe('it is a problem', () => {
  test.each([
    ['if there is a second final event', { events: [...events, ...events] }, '2 final events'],
    ['if there is no file', { file: null }, 'no file'],
    ['if nothing is stated', { result: { ...result, gaps: [] } }, '0.0 s stated as missing, 2.0 s are'],
    ['if the file lacks a picture', { file: { ...file, frames: 539 } }, '540 frames stated, 539 in the file'],
    ['if a decoder complains', { file: { ...file, errors: ['bad NAL'] } }, 'decoding: bad NAL'],
    ['if the end is not shown', { file: { ...file, untilS: 19 } }, 'the last 2.0 s do not show the page'],
    ['if pictures have moved', { file: { ...file, displacedS: 0.4 } }, 'a picture is 0.40 s from its place'],
    ['if sound has moved', { file: { ...file, outOfStepS: 0.2 } }, 'sound is 200 ms out of step'],
    ['if it was to fail', { failsWith: 'storage_failed' as const }, 'it ended as completed'],
  ])('%s', (_what, difference, problem) => {
    expect(problemsOf({ ...fine, ...difference })).toEqual([problem]);
  });

  test('if the file lacks more of its end than it may', () => {
    const late = { ...fine, mostLostAtEndS: 2, endedAtS: 22.5 };
    expect(problemsOf(late)).toEqual([]);
    expect(problemsOf({ ...late, endedAtS: 24 })).toHaveLength(2);
  });

  test('if the file is shorter than the call', () => {
    const short = { ...fine, result: { ...result, duration_s: 18 }, file: { ...file, durationS: 18 } };
    expect(problemsOf(short)).toEqual(['length 18 s of a call of 20.0 s']);
  });
});
