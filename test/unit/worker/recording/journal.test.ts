import { describe, expect, test } from 'vitest';
import { isFinal, mayFollow, RECORDING_STATES } from '../../../../shared/events/recordingState.ts';
import type { EventBody } from '../../../../worker/events/publishEvents.ts';
import { createJournal } from '../../../../worker/recording/journal.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';

const FILE = {
  name: 'recording',
  file: '/recordings/a.mp4',
  media_type: 'video/mp4',
  size_bytes: 10,
  duration_s: 2,
  frames: 58,
  dropped_frames: 2,
  error: null,
};

function open({ mayTryAgain = false } = {}) {
  const events: EventBody[] = [];
  const of = {
    recordingId: 'r1',
    callCid: 'default:a',
    sessionId: 's1',
    attempt: 2,
    mayTryAgain: () => mayTryAgain,
    redact: (text: string) => text.replaceAll('secret', '[redacted]'),
  };
  return {
    events,
    journal: createJournal(
      of,
      (event) => events.push(event),
      () => 0,
    ),
  };
}

const typesOf = (events: readonly EventBody[]) => events.map(({ type }) => type);

describe('the end of a recording', () => {
  test('with a file is reported as ready, and the result holds the file of the first output', () => {
    const { events, journal } = open();
    const result = journal.end({ reason: 'stopped', files: [FILE], error: null });
    expect(result).toMatchObject({
      status: 'completed',
      recording_id: 'r1',
      session_id: 's1',
      attempt: 2,
      file: '/recordings/a.mp4',
      frames: 58,
      dropped_frames: 2,
      files: [FILE],
    });
    expect(typesOf(events)).toEqual(['call.recording_ready']);
  });

  test('is when the call was no longer recorded, however long the delivery takes', () => {
    const { journal } = open();
    const result = journal.end({ reason: 'stopped', files: [FILE], error: null, endedAtUnixMs: 5_000 });
    expect(result.ended_at).toBe('1970-01-01T00:00:05.000Z');
  });

  test('without a file is reported as absent', () => {
    const { events, journal } = open();
    expect(journal.end({ reason: 'stopped', files: [], error: null }).status).toBe('absent');
    expect(typesOf(events)).toEqual(['call.recording_absent']);
  });

  test('with an error is reported as failed, with the party that can repair it and without secrets', () => {
    const { events, journal } = open();
    const error = new RecordingError('storage_failed', 'the bucket refused secret');
    const result = journal.end({ reason: 'storage_failed', files: [FILE], error });
    expect(result.error).toMatchObject({ message: 'the bucket refused [redacted]', blame: 'destination' });
    expect(result.error?.help).not.toBe('');
    expect(typesOf(events)).toEqual(['call.recording_failed']);
  });

  test('is a warning where the job is tried again, and the recording is queued again', () => {
    const { events, journal } = open({ mayTryAgain: true });
    journal.phase('launching');
    const error = new RecordingError('page_crashed', 'the tab crashed');
    journal.end({ reason: 'page_crashed', files: [FILE], error });
    expect(events.slice(1)).toEqual([
      {
        type: 'call.recording_warning',
        warning: {
          code: 'attempt_failed',
          message:
            'Attempt 2 failed and the job will be tried again: page_crashed: the tab crashed; what it recorded is kept at /recordings/a.mp4',
          at_s: null,
        },
      },
      { type: 'call.recording_phase', phase: 'queued' },
    ]);
  });

  test('is told as failed where trying again is of no use, however many attempts there are', () => {
    const { events, journal } = open({ mayTryAgain: true });
    journal.end({ reason: 'page_left', files: [], error: new RecordingError('page_left', 'gone') });
    expect(typesOf(events)).toEqual(['call.recording_failed']);
  });
});

describe('after the end of a recording', () => {
  test('nothing more is told, and the result does not change', () => {
    const { events, journal } = open();
    const result = journal.end({ reason: 'stopped', files: [FILE], error: null });
    journal.warn({ code: 'css_broken', message: 'too late', at_s: 0 });
    journal.started('message', 1, 0);
    journal.progress({ elapsed_s: 1, frames: 1, dropped_frames: 0, size_bytes: 1 });
    expect(typesOf(events)).toEqual(['call.recording_ready']);
    expect(result.warnings).toEqual([]);
  });

  test('it cannot end again', () => {
    const { journal } = open();
    journal.end({ reason: 'stopped', files: [], error: null });
    expect(() => journal.end({ reason: 'call_ended', files: [], error: null })).toThrow('has ended already');
  });
});

test('a recording that another worker has taken over is told as a warning, not as its end', () => {
  const { events, journal } = open();
  journal.end({ reason: 'taken_over', files: [FILE], error: null });
  expect(events).toEqual([
    {
      type: 'call.recording_warning',
      warning: {
        code: 'attempt_failed',
        message:
          'Attempt 2 ended because another worker has taken the job over; what it recorded is kept at /recordings/a.mp4',
        at_s: null,
      },
    },
  ]);
});

test('a warning with an end takes the place of the one with the same beginning, and both are told', () => {
  const { events, journal } = open();
  const blank = { code: 'picture_blank', message: 'blank', at_s: 3 } as const;
  journal.warn(blank);
  journal.warn({ ...blank, at_s: 9 });
  journal.warn({ ...blank, until_s: 7 });
  const { warnings } = journal.end({ reason: 'stopped', files: [FILE], error: null });
  expect(warnings).toEqual([
    { ...blank, until_s: 7 },
    { ...blank, at_s: 9 },
  ]);
  expect(typesOf(events).filter((type) => type === 'call.recording_warning')).toHaveLength(3);
});

describe('the state of a recording', () => {
  test('is not reported after the result, however late a step comes', () => {
    const { events, journal } = open();
    journal.phase('launching');
    journal.end({ reason: 'stopped', files: [], error: null });
    journal.phase('loading');
    journal.phase('waiting');
    expect(typesOf(events)).toEqual(['call.recording_phase', 'call.recording_absent']);
  });

  test('does not skip a step', () => {
    const { events, journal } = open();
    journal.phase('waiting');
    expect(events).toEqual([]);
  });

  test.each(RECORDING_STATES.filter((state) => !isFinal(state)))('may go from %s to failed', (state) => {
    expect(mayFollow(state, 'failed')).toBe(true);
  });

  test.each([
    'launching',
    'loading',
    'waiting',
  ] as const)('may go from %s to finishing, where another worker had begun it', (last) => {
    const { events, journal } = open();
    const states = ['launching', 'loading', 'waiting'] as const;
    for (const state of states.slice(0, states.indexOf(last) + 1)) journal.phase(state);
    journal.phase('finishing');
    expect(events.at(-1)).toEqual({ type: 'call.recording_phase', phase: 'finishing' });
  });

  test.each(['ready', 'failed', 'absent'] as const)('stays %s for good', (state) => {
    expect(RECORDING_STATES.some((next) => mayFollow(state, next))).toBe(false);
  });
});

test('an interruption is a gap and one warning, told when it begins and again when it is over', () => {
  const { events, journal } = open();
  journal.interrupted(4, 'browser_failed: the browser ended; secret');
  journal.resumed(6.5);
  journal.resumed(9);
  const { gaps, warnings } = journal.end({ reason: 'stopped', files: [FILE], error: null });
  expect(gaps).toEqual([
    { from_s: 4, until_s: 6.5, reason: 'browser_failed: the browser ended; [redacted]' },
  ]);
  expect(warnings).toEqual([
    {
      code: 'recording_interrupted',
      message:
        'Nothing was recorded from 4 s to 6.5 s, for 2.5 s: browser_failed: the browser ended; [redacted]',
      at_s: 4,
      until_s: 6.5,
    },
  ]);
  expect(typesOf(events).slice(0, 2)).toEqual(['call.recording_warning', 'call.recording_warning']);
});

test('an interruption after which the recording did not go on has no end', () => {
  const { journal } = open();
  journal.interrupted(4, 'lost');
  const { gaps } = journal.end({ reason: 'stopped', files: [FILE], error: null });
  expect(gaps).toEqual([{ from_s: 4, until_s: null, reason: 'lost' }]);
});

test('what another worker has noted is in the result, and is not told again', () => {
  const { events, journal } = open();
  const start = { signal: 'console', afterMs: 5, at: '2026-01-01T00:00:00.000Z' } as const;
  const warning = { code: 'page_slow', message: 'slow', at_s: 1 } as const;
  const gaps = [{ fromS: 2, untilS: 3, why: 'lost' }];
  journal.goOn({ start, warnings: [warning], gaps, pauses: [], decodedS: 4.5 });
  journal.decoded(1.25);
  const result = journal.end({ reason: 'stopped', files: [FILE], error: null });
  expect(result).toMatchObject({
    started_at: start.at,
    warnings: [warning],
    gaps: [{ from_s: 2, until_s: 3, reason: 'lost' }],
    decoded_s: 5.75,
  });
  expect(typesOf(events)).toEqual(['call.recording_stopped', 'call.recording_ready']);
});

test('of a recording that is handed over nothing is told', () => {
  const { events, journal } = open();
  journal.end({ reason: 'handed_over', files: [], error: null });
  expect(events).toEqual([]);
});

test('a pause is told with its phases, and is in the result', () => {
  const { events, journal } = open();
  for (const phase of ['launching', 'loading', 'waiting', 'recording'] as const) journal.phase(phase);
  journal.paused(2.5, 'skip');
  const open1 = { from_s: 2.5, until_s: null, lasted_s: null, mode: 'skip' };
  expect(events.at(-1)).toMatchObject({ type: 'call.recording_phase', phase: 'paused', pauses: [open1] });
  journal.paused(9, 'silence'); // it is paused already
  journal.unpaused(2.5, 7.25);
  const over = { ...open1, until_s: 2.5, lasted_s: 7.25 };
  expect(events.at(-1)).toMatchObject({ type: 'call.recording_phase', phase: 'recording', pauses: [over] });
  journal.paused(4, 'silence');
  const result = journal.end({ reason: 'stopped', files: [FILE], error: null });
  expect(result.pauses).toMatchObject([over, { from_s: 4, until_s: null, lasted_s: null, mode: 'silence' }]);
});

test('a recording that was paused when its worker was lost is paused by the next one', () => {
  const { journal } = open();
  journal.paused(2, 'skip');
  const { events, journal: next } = open();
  next.goOn(journal.soFar());
  for (const phase of ['launching', 'loading', 'waiting'] as const) next.phase(phase);
  next.paused(3, 'silence');
  expect(events.at(-1)).toMatchObject({ phase: 'paused', pauses: [{ from_s: 2, mode: 'skip' }] });
});
