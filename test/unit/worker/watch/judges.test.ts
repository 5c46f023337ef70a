import { describe, expect, test } from 'vitest';
import type { PageLoss, PageProbe } from '../../../../shared/page/pageProbe.ts';
import { NOTHING_CAPTURED } from '../../../../worker/capture/captureState.ts';
import { RecordingError } from '../../../../worker/recordingError.ts';
import { callEmpty } from '../../../../worker/watch/callEmpty.ts';
import { callEnded } from '../../../../worker/watch/callEnded.ts';
import { captureFailed } from '../../../../worker/watch/captureFailed.ts';
import { findWarnings } from '../../../../worker/watch/findWarnings.ts';
import { maxDuration } from '../../../../worker/watch/maxDuration.ts';
import { pageFrozen } from '../../../../worker/watch/pageFrozen.ts';
import { pageLeft } from '../../../../worker/watch/pageLeft.ts';
import { pageLost } from '../../../../worker/watch/pageLost.ts';
import { pageNeverShown } from '../../../../worker/watch/pageNeverShown.ts';
import { pageTooHeavy } from '../../../../worker/watch/pageTooHeavy.ts';
import type { Snapshot } from '../../../../worker/watch/snapshot.ts';
import { tabFailed } from '../../../../worker/watch/tabFailed.ts';

const healthyPage: PageProbe = {
  href: 'https://app.example/call',
  httpStatus: 200,
  errorText: '',
  text: 'Anna',
  hasShownAnything: true,
  loss: null,
};

/** A healthy recording at 100 s, with what the test changes. */
function snapshot(given: {
  tab?: Partial<Snapshot['tab']>;
  stats?: Partial<Snapshot['capture']['stats']>;
  capture?: Partial<Snapshot['capture']>;
  usage?: Partial<Snapshot['usage']>;
  recordedForS?: number;
  recorderUnheardForS?: number;
}): Snapshot {
  return {
    nowMs: 100_000,
    stopReason: null,
    recorderUnheardForS: given.recorderUnheardForS ?? 0.5,
    recordedForS: given.recordedForS ?? 60,
    usage: { memoryMiB: 700, cores: 0.8, diskMiB: 20, sentMiBPerS: 0.1, ...given.usage },
    usageLimits: { memoryMiB: 3_000, diskMiB: 500, cores: 8 },
    limits: { maxDurationS: 600, emptyTimeoutS: 30, loadTimeoutS: 30, readyTimeoutS: 15 },
    tab: {
      readySignal: 'message',
      callEnded: false,
      participants: 2,
      emptySinceMs: null,
      failure: null,
      tabCrashed: false,
      browserGone: false,
      lastError: null,
      connectionLostSinceMs: null,
      probe: healthyPage,
      probeDueSinceMs: null,
      answers: 100,
      answersWithLoss: 0,
      refusal: null,
      shown: { site: 'https://app.example', sinceMs: 0 },
      loadedOrigin: 'https://app.example',
      ...given.tab,
    },
    capture: {
      stats: { ...NOTHING_CAPTURED, durationS: 60, ...given.stats },
      begun: { startsBlank: false, startMonotonicMs: 0, fromS: 0 },
      suspensions: [],
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
    pageFrozen,
    pageLeft,
    pageLost,
    pageNeverShown,
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

test('a tab that was led to an address that is not allowed says so', () => {
  const probe = { ...healthyPage, href: 'chrome-error://chromewebdata/' };
  const refused = snapshot({ tab: { probe, refusal: '10.0.0.1:80 leads to 10.0.0.1' } });
  expect(codeOf(() => pageLeft(refused))).toBe('private_url');
  expect(() => pageLeft(refused)).toThrow('10.0.0.1:80 leads to 10.0.0.1');
});

/** What a page answers that lost its content, or null for one that did not. */
const loss = (cause: PageLoss['cause'] | null): PageLoss | null =>
  cause && { cause, error: cause === 'removed' ? null : 'Error: no track' };

describe('a page that has lost its content', () => {
  test.each([
    ['exception', 4, 'page_blank'],
    ['exception', 3, null],
    ['removed', 4, 'page_blank'],
    ['removed', 3, null],
    ['rejection', 10, 'page_blank'],
    ['rejection', 9, null],
    [null, 0, null],
  ] as const)('by %s, in %i answers in a row: %s', (cause, answersWithLoss, code) => {
    const tab = { probe: { ...healthyPage, loss: loss(cause) }, answersWithLoss };
    expect(codeOf(() => pageLost(snapshot({ tab })))).toBe(code);
  });

  test('may show one flat colour for as long as it likes while it has lost nothing', () => {
    const flat = snapshot({ tab: { probe: { ...healthyPage, text: '' } }, stats: { blankForS: 60 } });
    expect(pageLost(flat)).toBeNull();
    expect(pageNeverShown(flat)).toBeNull();
  });

  test('is not judged by the time that a slow page takes to answer', () => {
    const tab = {
      probe: { ...healthyPage, loss: loss('exception') },
      answersWithLoss: 1,
      probeDueSinceMs: 92_000,
    };
    expect(pageLost(snapshot({ tab }))).toBeNull();
  });

  test('tells the error that emptied it', () => {
    const tab = { probe: { ...healthyPage, loss: loss('exception') }, answersWithLoss: 4 };
    expect(() => pageLost(snapshot({ tab }))).toThrow('Error: no track');
  });
});

describe('a page that never showed anything', () => {
  const empty = { readySignal: null, participants: null, probe: { ...healthyPage, hasShownAnything: false } };

  test.each([
    ['after 10 s of recording', {}, { blankForS: 25, durationS: 10 }, 'page_blank'],
    ['not before', {}, { blankForS: 25, durationS: 9.9 }, null],
    [
      'after 3 s where it told an error',
      { lastError: 'boom' },
      { blankForS: 18, durationS: 3 },
      'page_blank',
    ],
    ['not where it said that it is ready', { readySignal: 'console' }, { blankForS: 60 }, null],
    ['not where it said who is there', { participants: 0 }, { blankForS: 60 }, null],
    ['not where it has shown something', { probe: healthyPage }, { blankForS: 60 }, null],
    ['not where the picture shows something', {}, { blankForS: 0 }, null],
    ['not where it has not answered yet', { probe: null }, { blankForS: 60 }, null],
  ] as const)('is dead %s', (_when, tab, stats, code) => {
    expect(codeOf(() => pageNeverShown(snapshot({ tab: { ...empty, ...tab }, stats })))).toBe(code);
  });
});

describe('a flat picture', () => {
  test.each([
    ['for 3 s', { blankForS: 3 }, [3]],
    ['for less', { blankForS: 2.9 }, []],
    ['since long before the recording', { blankForS: 20, durationS: 2 }, []],
    ['since before the recording, and for 4 s of it', { blankForS: 20, durationS: 4 }, [4]],
  ])('%s is a warning for %j', (_since, stats, seconds) => {
    expect(findWarnings(snapshot({ stats })).map(({ code, forS }) => [code, forS])).toEqual(
      seconds.map((forS) => ['picture_blank', forS]),
    );
  });

  test.each([
    ['at the first picture', { durationS: 0 }, ['picture_blank']],
    ['and still a second later', { durationS: 1, blankForS: 5 }, ['picture_blank']],
    ['and no longer', { durationS: 1, blankForS: 0 }, []],
  ])('with which the recording starts is one at once: %s', (_when, stats, codes) => {
    const capture = {
      begun: { startsBlank: true, startMonotonicMs: 0, fromS: 0 },
      stats: { ...NOTHING_CAPTURED, ...stats },
    };
    expect(findWarnings(snapshot({ capture })).map(({ code }) => code)).toEqual(codes);
  });
});

test('a lost connection is a warning for as long as it is lost', () => {
  const lost = snapshot({ tab: { connectionLostSinceMs: 98_000 } });
  expect(findWarnings(lost)).toMatchObject([{ code: 'call_interrupted', forS: 2 }]);
});

test.each([
  ['a crash', tabFailed, { tabCrashed: true }],
  ['a page that left', pageLeft, { probe: { ...healthyPage, href: 'https://elsewhere.example/' } }],
  ['a frozen page', pageFrozen, { probeDueSinceMs: 80_000 }],
])('%s is told with the last error of the page', (_what, judge, tab) => {
  const failing = snapshot({ tab: { ...tab, lastError: 'Uncaught Error: no track' } });
  expect(() => judge(failing)).toThrow('the last error of the page is: Uncaught Error: no track');
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

describe('a page that takes too much of the machine', () => {
  test.each([
    [
      { memoryMiB: 3_001 },
      'used 3001 MiB of memory, and more than 3000 MiB is not allowed (COMPOSITOR_PAGE_MEMORY_MIB)',
    ],
    [
      { diskMiB: 501 },
      'used 501 MiB of disk, and more than 500 MiB is not allowed (COMPOSITOR_PAGE_DISK_MIB)',
    ],
    [
      { cores: 8.04 },
      'used 8.0 cores over the last minute, and more than 8 is not allowed (COMPOSITOR_PAGE_CORES)',
    ],
    [{ sentMiBPerS: 20 }, 'made its browser send 20 MiB a second'],
  ])('with %j, the recording ends', (usage, message) => {
    expect(() => pageTooHeavy(snapshot({ usage }))).toThrow(message);
  });

  test('takes no more than it may', () => {
    expect(
      pageTooHeavy(snapshot({ usage: { memoryMiB: 3_000, diskMiB: 500, cores: 8, sentMiBPerS: 16 } })),
    ).toBeNull();
  });
});

describe('a recorder page that answers no more', () => {
  test('ends the recording 5 s after its greatest length', () => {
    expect(maxDuration(snapshot({ recordedForS: 604 }))).toBeNull();
    expect(maxDuration(snapshot({ recordedForS: 605 }))).toBe('max_duration');
  });

  test('has failed after 20 s without a word', () => {
    expect(captureFailed(snapshot({ recorderUnheardForS: 19 }))).toBeNull();
    expect(() => captureFailed(snapshot({ recorderUnheardForS: 20 }))).toThrow('told nothing for 20 s');
  });
});

describe('a tab that shows another site, and does not answer', () => {
  const away = (sinceMs: number, site = 'https://elsewhere.example') =>
    snapshot({ tab: { shown: { site, sinceMs } } });

  test('has left after 2 s', () => {
    expect(pageLeft(away(98_500))).toBeNull();
    expect(() => pageLeft(away(98_000))).toThrow('shows https://… instead');
    expect(() => pageLeft(away(98_000, 'chrome-error:'))).toThrow('shows chrome-error://… instead');
  });

  test('is waited for while it loads', () => {
    const tab = { shown: { site: 'https://elsewhere.example', sinceMs: 0 }, loadedOrigin: null };
    expect(pageLeft(snapshot({ tab }))).toBeNull();
  });
});
