import { describe, expect, test } from 'vitest';
import { NOTHING_CAPTURED } from '../../../../worker/capture/captureState.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';
import { callEmpty } from '../../../../worker/watch/callEmpty.ts';
import { callEnded } from '../../../../worker/watch/callEnded.ts';
import { captureFailed } from '../../../../worker/watch/captureFailed.ts';
import { findWarnings } from '../../../../worker/watch/findWarnings.ts';
import { maxDuration } from '../../../../worker/watch/maxDuration.ts';
import { pageBlank } from '../../../../worker/watch/pageBlank.ts';
import { pageFrozen } from '../../../../worker/watch/pageFrozen.ts';
import { pageLeft } from '../../../../worker/watch/pageLeft.ts';
import type { Snapshot } from '../../../../worker/watch/snapshot.ts';
import { tabFailed } from '../../../../worker/watch/tabFailed.ts';

const healthyPage = { href: 'https://app.example/call', httpStatus: 200, errorText: '', hasContent: true };

/** A healthy recording at 100 s, with what the test changes. */
function snapshot(given: {
  tab?: Partial<Snapshot['tab']>;
  stats?: Partial<Snapshot['capture']['stats']>;
  capture?: Partial<Snapshot['capture']>;
}): Snapshot {
  return {
    nowMs: 100_000,
    stopReason: null,
    limits: { maxDurationS: 600, emptyTimeoutS: 30, loadTimeoutS: 30, readyTimeoutS: 15 },
    tab: {
      readySignal: 'message',
      callEnded: false,
      participants: 2,
      emptySinceMs: null,
      failure: null,
      tabCrashed: false,
      browserGone: false,
      warnings: [],
      probe: healthyPage,
      probeDueSinceMs: null,
      loadedOrigin: 'https://app.example',
      ...given.tab,
    },
    capture: {
      stats: { ...NOTHING_CAPTURED, ...given.stats },
      begun: { startsBlank: false, atUnixMs: 0 },
      isFull: false,
      encodingFailures: [null],
      failure: null,
      ...given.capture,
    },
  };
}

function codeOf(judge: () => unknown): string | null {
  try {
    judge();
    return null;
  } catch (error) {
    return (error as RecordingError).code;
  }
}

test('a healthy recording goes on', () => {
  const healthy = snapshot({});
  for (const judge of [
    callEmpty,
    callEnded,
    captureFailed,
    maxDuration,
    pageBlank,
    pageFrozen,
    pageLeft,
    tabFailed,
  ]) {
    expect(judge(healthy)).toBeNull();
  }
  expect(findWarnings(healthy)).toEqual([]);
});

describe('an empty call', () => {
  test('ends the recording once it has been empty for the limit', () => {
    expect(callEmpty(snapshot({ tab: { emptySinceMs: 70_000 } }))).toBe('call_empty');
  });

  test('ends nothing before that', () => {
    expect(callEmpty(snapshot({ tab: { emptySinceMs: 70_001 } }))).toBeNull();
  });
});

test('a call that ended ends the recording', () => {
  expect(callEnded(snapshot({ tab: { callEnded: true } }))).toBe('call_ended');
});

test('a full timeline ends the recording', () => {
  expect(maxDuration(snapshot({ capture: { isFull: true } }))).toBe('max_duration');
});

test.each([
  ['browser_failed', { browserGone: true }],
  ['page_crashed', { tabCrashed: true }],
  ['call_refused', { failure: { type: 'failed', code: 'call_refused', message: 'token expired' } as const }],
  ['page_error', { probe: { ...healthyPage, errorText: 'no such room' } }],
])('the tab fails with %s', (code, tab) => {
  expect(codeOf(() => tabFailed(snapshot({ tab })))).toBe(code);
});

test.each([
  ['another site', 'https://elsewhere.example/', 'page_left'],
  ["Chromium's error page", 'chrome-error://chromewebdata/', 'page_left'],
  ['another path of the same site', 'https://app.example/other', null],
])('a tab that shows %s', (_what, href, code) => {
  expect(codeOf(() => pageLeft(snapshot({ tab: { probe: { ...healthyPage, href } } })))).toBe(code);
});

describe('a flat picture', () => {
  const emptied = { probe: { ...healthyPage, hasContent: false } };

  test('fails when the document is empty as well', () => {
    expect(codeOf(() => pageBlank(snapshot({ tab: emptied, stats: { blankForS: 3 } })))).toBe('page_blank');
  });

  test('is a warning while the document has content', () => {
    const flat = snapshot({ stats: { blankForS: 3 } });
    expect(pageBlank(flat)).toBeNull();
    expect(findWarnings(flat).map(({ code }) => code)).toEqual(['picture_blank']);
  });
});

describe('a page that does not paint', () => {
  test('is a warning after 4 s', () => {
    const slow = snapshot({ tab: { probeDueSinceMs: 96_000 } });
    expect(pageFrozen(slow)).toBeNull();
    expect(findWarnings(slow).map(({ code }) => code)).toEqual(['page_slow']);
  });

  test('has failed after 10 s', () => {
    expect(codeOf(() => pageFrozen(snapshot({ tab: { probeDueSinceMs: 90_000 } })))).toBe('page_frozen');
  });
});

describe('the capture', () => {
  test('has failed when no picture comes for 4 s', () => {
    expect(codeOf(() => captureFailed(snapshot({ stats: { silentForS: 4 } })))).toBe('capture_failed');
  });

  test('fails with what the sink failed with', () => {
    const failure = new RecordingError('storage_failed', 'disk full');
    expect(codeOf(() => captureFailed(snapshot({ capture: { failure } })))).toBe('storage_failed');
  });
});
