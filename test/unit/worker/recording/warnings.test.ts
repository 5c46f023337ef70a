import { expect, test } from 'vitest';
import type { RecordingWarning } from '../../../../shared/events/recordingEvents.ts';
import type { Outputs } from '../../../../worker/outputs/createOutputs.ts';
import type { TabSignal } from '../../../../worker/page/openTab.ts';
import { createPageReport } from '../../../../worker/recording/createPageReport.ts';
import { createJournal } from '../../../../worker/recording/journal.ts';
import { createLastingWarnings, endLastingWarnings } from '../../../../worker/recording/lastingWarnings.ts';
import { warnOfFailedOutputs } from '../../../../worker/recording/outputWarnings.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';

/** A journal that an earlier worker has written `before` into. */
function aJournal(before: readonly RecordingWarning[] = []) {
  const of = { recordingId: 'r1', callCid: 'c', sessionId: null, attempt: 1, mayTryAgain: () => false };
  const warnings: RecordingWarning[] = [];
  const journal = createJournal(
    { ...of, redact: (text) => text.replaceAll('secret', '[redacted]') },
    (event) => void (event.type === 'call.recording_warning' && warnings.push(event.warning)),
    () => 0,
  );
  journal.goOn({ start: null, warnings: before, gaps: [], pauses: [], decodedS: 0 });
  return { ...journal, warnings };
}

test('something that lasts is told once when it is noticed, and once more with its end', () => {
  const journal = aJournal();
  const report = createLastingWarnings(journal);
  const blank = (forS: number) => [{ code: 'picture_blank', what: 'It was blank', forS }] as const;
  report([], 5);
  report(blank(3), 10);
  report(blank(4), 11);
  report([], 12);
  report([], 13);
  expect(journal.warnings).toEqual([
    { code: 'picture_blank', message: 'It was blank from 7 s', at_s: 7 },
    { code: 'picture_blank', message: 'It was blank from 7 s to 12 s', at_s: 7, until_s: 12 },
  ]);
});

test('something that began before the recording is told from its beginning', () => {
  const journal = aJournal();
  createLastingWarnings(journal)([{ code: 'call_interrupted', what: 'Lost', forS: 9 }], 2);
  expect(journal.warnings).toEqual([{ code: 'call_interrupted', message: 'Lost from 0 s', at_s: 0 }]);
});

function reported(...signals: TabSignal[]): RecordingWarning[] {
  return reportedAfter([], ...signals);
}

function reportedAfter(before: readonly RecordingWarning[], ...signals: TabSignal[]): RecordingWarning[] {
  const journal = aJournal(before);
  const listen = (listener: (signal: TabSignal) => void) => signals.forEach(listener);
  createPageReport(journal, () => null)({ listen });
  return journal.warnings;
}

test('what a page warns of and the errors it tells are warnings, each once', () => {
  const error = { type: 'error_told', message: 'boom' } as const;
  const warning = { type: 'warning', code: 'image_failed', message: 'no logo' } as const;
  expect(reported(error, warning, error, { type: 'ready', signal: 'console' })).toEqual([
    { code: 'page_console_error', message: 'boom', at_s: null },
    { code: 'image_failed', message: 'no logo', at_s: null },
  ]);
});

test('of a page with more than 20 different errors, the first 20 are told, and its warnings all the same', () => {
  const errors = Array.from(
    { length: 30 },
    (_, n) => ({ type: 'error_told', message: `error ${n}` }) as const,
  );
  const codes = reported(...errors, { type: 'warning', code: 'page_warning', message: 'hm' }).map(
    ({ code }) => code,
  );
  expect(codes).toEqual([...Array(20).fill('page_console_error'), 'page_warning']);
});

test('addresses that a page was refused are warnings, each once and at most 20', () => {
  const refusals = Array.from({ length: 30 }, (_, n) => ({
    type: 'address_refused' as const,
    message: `10.0.0.1:${n} leads to 10.0.0.1`,
  }));
  const warnings = reported(...refusals, ...refusals);
  expect(warnings).toHaveLength(20);
  expect(warnings[0]).toEqual({
    code: 'address_refused',
    message: '10.0.0.1:0 leads to 10.0.0.1',
    at_s: null,
  });
});

test('what a page told an earlier worker is not told again', () => {
  const refused = { type: 'address_refused', message: '10.0.0.1 is not public' } as const;
  const warning = { type: 'warning', code: 'image_failed', message: 'no logo at /?token=secret' } as const;
  const errors = Array.from(
    { length: 20 },
    (_, n) => ({ type: 'error_told', message: `error ${n}` }) as const,
  );
  const before = reported(refused, warning, ...errors);
  expect(before).toHaveLength(22);
  const another = { ...warning, message: 'no other logo' };
  const again = [refused, warning, ...errors, { type: 'error_told', message: 'error 21' } as const, another];
  expect(reportedAfter(before, ...again).map(({ message }) => message)).toEqual(['no other logo']);
});

test('an output that has failed is told of once, in however many workers', () => {
  const output = (name: string) => ({
    request: { name },
    failure: () => new RecordingError('storage_failed', 'the bucket refused secret'),
  });
  const outputs = { newFailures: () => [output('a')] } as unknown as Outputs;
  const first = aJournal();
  warnOfFailedOutputs(outputs, first, 7);
  const message = 'The output a failed: the bucket refused [redacted]';
  expect(first.warnings).toEqual([{ code: 'output_failed', message, at_s: 7 }]);
  const next = aJournal(first.soFar().warnings);
  warnOfFailedOutputs(outputs, next);
  warnOfFailedOutputs({ newFailures: () => [output('b')] } as unknown as Outputs, next);
  expect(next.warnings.map((one) => one.message)).toEqual([message.replace('output a', 'output b')]);
});

test('what an earlier worker has left open is over, and what took no time or is over is left as it is', () => {
  const over = { code: 'page_slow', message: 'Slow from 1 s to 2 s', at_s: 1, until_s: 2 } as const;
  const error = { code: 'page_console_error', message: 'boom', at_s: 3 } as const;
  const lost = { code: 'call_interrupted', message: 'Lost from 4 s', at_s: 4 } as const;
  const waits = { code: 'storage_waiting', message: 'It waited from 9.5 s', at_s: 9.5 } as const;
  const journal = aJournal([over, error, lost, waits]);
  endLastingWarnings(journal, 9);
  expect(journal.soFar().warnings).toEqual([
    over,
    error,
    { ...lost, message: 'Lost from 4 s to 9 s', until_s: 9 },
    { ...waits, message: 'It waited from 9.5 s to 9.5 s', until_s: 9.5 },
  ]);
});

test('what was left out of what a page told is a warning, told anew when it is ten times as much', () => {
  const leftOut = (count: number) => ({ type: 'left_out', count }) as const;
  const messages = reported(leftOut(7), leftOut(50), leftOut(13), leftOut(1)).map(({ code, message }) => [
    code,
    message,
  ]);
  expect(messages).toEqual([
    [
      'page_told_too_much',
      'The page told more than is taken: at least 7 of its lines and warnings were left out',
    ],
    [
      'page_told_too_much',
      'The page told more than is taken: at least 70 of its lines and warnings were left out',
    ],
  ]);
});
