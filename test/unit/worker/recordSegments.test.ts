import { expect, test, vi } from 'vitest';
import type { RecordingRequest } from '../../../shared/request/recordingRequest.ts';
import { createCleanup } from '../../../worker/cleanup.ts';
import { createLog } from '../../../worker/log.ts';
import { bootId, monotonicMs } from '../../../worker/machineClock.ts';
import type { OpenCall } from '../../../worker/openCall.ts';
import type { Outputs } from '../../../worker/outputs/createOutputs.ts';
import { createLayoutInUse } from '../../../worker/page/layoutInUse.ts';
import { createJournal } from '../../../worker/recording/journal.ts';
import { createManifestKeeper } from '../../../worker/recording/keepManifest.ts';
import { createLastPicture } from '../../../worker/recording/lastPicture.ts';
import type { RecordingManifest } from '../../../worker/recording/manifest.ts';
import { createPausing } from '../../../worker/recording/pausing.ts';
import { RecordingError } from '../../../worker/recordingError.ts';
import { recordSegments } from '../../../worker/recordSegments.ts';
import { requestOf } from '../../support/requestOf.ts';

const opening = vi.hoisted(() => ({ open: (_request: RecordingRequest): unknown => null }));
vi.mock('../../../worker/openCall.ts', () => ({
  openCall: async (request: RecordingRequest) => opening.open(request),
}));

const request = requestOf('r1', {
  call: { id: 'c' },
  source: { kind: 'demo' },
  recording: { videos: 'decoded' },
});

/** What a worker has left of a recording that began so many seconds ago. */
function leftOf(agoS: number, more: Partial<RecordingManifest> = {}): RecordingManifest {
  const startedAt = { unixMs: Date.now() - agoS * 1000, monotonicMs: monotonicMs() - agoS * 1000 };
  return {
    ...{ version: 1, recordingId: 'r1', startedAt: { ...startedAt, bootId: bootId() } },
    ...{ start: { signal: 'message', afterMs: 1, at: '' }, warnings: [], gaps: [], pauses: [], decodedS: 0 },
    ...{ outputs: [], counts: [], ended: null },
    ...more,
  };
}

/** Goes on with a recording whose file is written up to `writtenS`. */
function goOn(left: RecordingManifest, writtenS: number) {
  const written = [{ videoS: writtenS, audioS: writtenS, frames: 1 }];
  const output = { request: request.outputs[0], failure: () => null };
  const outputs = {
    ...{ all: [output], encodings: [], encodingIndexOf: () => 0, sizeBytes: () => 0 },
    ...{ writtenUntil: () => written, goesOnFrom: () => written, beginSegment: () => [] },
    ...{ noteFailures: () => {}, newFailures: () => [], unfinished: () => [], keepManifest: async () => {} },
  } as unknown as Outputs;
  const of = { recordingId: 'r1', callCid: 'c', sessionId: null, attempt: 1 };
  const journal = createJournal(
    { ...of, mayTryAgain: () => false, redact: (text) => text },
    () => {},
    () => 0,
  );
  journal.goOn(left);
  const log = createLog('silent');
  const saved: RecordingManifest[] = [];
  const store = { given: left, save: async (manifest: RecordingManifest) => void saved.push(manifest) };
  const layout = createLayoutInUse(request.layout);
  const nowUnixMs = () => Date.now();
  const given = { recordingId: 'r1', store, outputs, journal, layout, nowUnixMs, log };
  const manifest = createManifestKeeper(given);
  const stop = new AbortController();
  const pausing = createPausing(null);
  const deps = {
    ...{ journal, layout, log, pausing, lastPicture: createLastPicture(), ahead: null, uses: () => {} },
    ...{ browsers: { refill: () => {} }, layoutAppUrl: '', usageLimits: {} },
    clock: { nowMs: () => performance.now() },
  } as unknown as Parameters<typeof recordSegments>[0]['deps'];
  const cleanup = createCleanup(log);
  const begin = () => recordSegments({ request, deps, outputs, manifest, stop: stop.signal, cleanup });
  return { begin, journal, manifest, saved, stop, pausing };
}

const STATS = {
  ...{ frames: 0, droppedFrames: 0, blankForS: 0, silentForS: 0, decodedS: 0 },
  ...{ durationS: 0, encodings: [] },
};

/** A call whose capture does this when it is to begin, and when it is to pause. */
function callWith({ begin, pause }: { begin?: () => void; pause?: () => void }): OpenCall {
  const state = () => ({ failure: null, encodingFailures: [], begun: null, stats: STATS, suspensions: [] });
  const capture = {
    ...{ state, stop: async () => STATS, picture: async () => null },
    begin: async () => begin?.(),
    pause: async () => {
      pause?.();
      return STATS;
    },
  };
  const look = () => ({ nowMs: performance.now(), tab: { probe: null }, capture: state() });
  return { tab: {}, capture, look, readiness: { signal: 'message', afterMs: 1 } } as unknown as OpenCall;
}

test('a page that cannot be composed is drawn after two failures, also by each later worker', async () => {
  const first = goOn(leftOf(60), 60);
  const videos: string[] = [];
  const failTimes = (most: number, stop: AbortController) => {
    const failed = videos.length;
    opening.open = (given) => {
      videos.push(given.videos);
      const begin = () => {
        if (videos.length - failed >= most) stop.abort('handed_over');
        throw new RecordingError('capture_failed', 'the composer gave up');
      };
      return callWith({ begin });
    };
  };
  failTimes(3, first.stop);
  await first.begin();
  expect(videos).toEqual(['decoded', 'decoded', 'drawn']);
  await first.manifest.save();
  const next = goOn(JSON.parse(JSON.stringify(first.saved.at(-1))), 60);
  failTimes(1, next.stop);
  await next.begin();
  expect(videos).toEqual(['decoded', 'decoded', 'drawn', 'drawn']);
});

test('a pause that is asked for in a gap ends the gap: nothing is missing in a pause', async () => {
  const { begin, journal, pausing, stop } = goOn(leftOf(63), 60);
  pausing.set('silence');
  opening.open = () => callWith({ pause: () => setImmediate(() => stop.abort('stopped')) });
  await begin();
  const { gaps, pauses } = journal.soFar();
  expect(gaps).toMatchObject([{ fromS: 60, untilS: expect.closeTo(63, 0) }]);
  expect(pauses).toMatchObject([{ fromS: gaps[0]?.untilS, untilS: null }]);
});

test('what lasted when a worker left is over where its file ends', async () => {
  const blank = { code: 'picture_blank', message: 'It was blank from 57 s', at_s: 57 } as const;
  const { begin, journal, stop } = goOn(leftOf(63, { warnings: [blank] }), 60);
  stop.abort('stopped');
  await begin();
  expect(journal.soFar().warnings).toContainEqual({
    ...blank,
    message: 'It was blank from 57 s to 60 s',
    until_s: 60,
  });
});
