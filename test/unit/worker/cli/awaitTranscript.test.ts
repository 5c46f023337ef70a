import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { RecordedTranscript, RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import { awaitTranscript } from '../../../../worker/cli/awaitTranscript.ts';
import { eventually } from '../../../support/eventually.ts';
import { eventOf, resultOf } from '../../../support/startFakeWorker.ts';

const WAITING: RecordedTranscript = { status: 'waiting', files: [], language: null, error: null };

let said = '';
beforeEach(() => {
  said = '';
  vi.spyOn(console, 'error').mockImplementation((text) => {
    said += `${text}\n`;
  });
});
afterEach(() => vi.restoreAllMocks());

/** A recording that is stored, whose transcript a service makes or not. */
function stored() {
  const events: RecordingEvent[] = [];
  const state = { waiting: 1, transcript: WAITING };
  const giveUp = new AbortController();
  const result = { ...resultOf('one'), transcript: WAITING };
  const store = {
    events: async () => events,
    get: async () => ({ result: { ...result, transcript: state.transcript } }) as never,
  };
  const given = { store, waiting: async () => state.waiting, giveUp: giveUp.signal };
  return { events, state, giveUp, ended: awaitTranscript(result, WAITING, given) };
}

test('whoever records from the command line hears that the transcript is late, and why', async () => {
  const { events, state, ended } = stored();
  const transcript = { ...WAITING, error: 'http://whisper gave no\u001b[2J transcript' };
  events.push(eventOf('one', { type: 'call.transcription_delayed', transcript }));
  await eventually('it is said', () => said.includes('is late, and is tried again: http://whisper gave no'));
  expect(said).toContain('its transcript is being made');
  expect(said).not.toContain('\u001b');
  state.transcript = { ...WAITING, status: 'ready', language: 'english' };
  state.waiting = 0;
  expect(await ended).toEqual(state.transcript);
  expect(said.match(/is late/g)).toHaveLength(1);
});

test('whoever does not wait gets the recording at once, and is told that there is no transcript', async () => {
  const { giveUp, ended } = stored();
  giveUp.abort();
  expect(await ended).toEqual({ ...WAITING, status: 'failed', error: 'it was not waited for' });
  expect(said).toContain('there is no transcript: it was not waited for');
});
