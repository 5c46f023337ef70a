import { expect, test } from 'vitest';
import type { Recording } from '../../../../layout-app/console/recording.ts';
import { applyEvent } from '../../../../layout-app/console/store/applyEvent.ts';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';

const recording = {
  ...{
    id: 'a',
    state: 'recording',
    call_type: 'default',
    call_id: 'standup',
    files: [],
    warnings: [],
    pauses: [],
  },
  ...{ stop_requested_at: null, started_at: null, events: [] },
} as unknown as Recording;
const event = (body: object) =>
  ({
    recording_id: 'a',
    call_cid: 'default:standup',
    created_at: '2026-01-02T03:04:05Z',
    ...body,
  }) as RecordingEvent;
const after = (body: object, before = recording) => applyEvent(before, event(body)) as Recording;

test('progress is kept, and is no event of the list', () => {
  const figures = { elapsed_s: 3, frames: 90, dropped_frames: 1, size_bytes: 1_000 };
  const { progress, events } = after({ type: 'call.recording_progress', ...figures });
  expect(progress).toEqual(figures);
  expect(events).toEqual([]);
});

test('a phase is told as the state of the API', () => {
  const phase = (name: string, before = recording) =>
    after({ type: 'call.recording_phase', phase: name }, before).state;
  expect(['launching', 'recording', 'paused', 'finishing'].map((name) => phase(name))).toEqual([
    'starting',
    'recording',
    'paused',
    'stopping',
  ]);
  expect(phase('recording', { ...recording, stop_requested_at: '2026-01-02T03:04:05Z' })).toBe('stopping');
});

test('a warning that is over replaces the one that it began with', () => {
  const warning = { code: 'page_slow', message: 'slow', at_s: 3 };
  const first = after({ type: 'call.recording_warning', warning });
  const second = after({ type: 'call.recording_warning', warning: { ...warning, until_s: 9 } }, first);
  expect(first.warnings).toEqual([warning]);
  expect(second.warnings).toEqual([{ ...warning, until_s: 9 }]);
});

test('the last event is asked for, because it has no links; and nothing follows on a final state', () => {
  expect(applyEvent(recording, event({ type: 'call.recording_ready', result: {} }))).toBe('ask');
  const over = { ...recording, state: 'ready' } as Recording;
  expect(applyEvent(over, event({ type: 'call.recording_phase', phase: 'recording' }))).toBe(over);
});
