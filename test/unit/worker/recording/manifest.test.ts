import { setImmediate } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { bootId, monotonicMs } from '../../../../worker/machineClock.ts';
import type { Outputs } from '../../../../worker/outputs/createOutputs.ts';
import { createLayoutInUse } from '../../../../worker/page/layoutInUse.ts';
import { createManifestKeeper, type ManifestStore } from '../../../../worker/recording/keepManifest.ts';
import { latestOnly } from '../../../../worker/recording/latestOnly.ts';
import { type RecordingManifest, startOnThisMachine } from '../../../../worker/recording/manifest.ts';
import { requestOf } from '../../../support/requestOf.ts';

describe('the start of a recording', () => {
  test('is told by the monotonic clock of the same machine, whatever the wall clock says', () => {
    const startedAt = { unixMs: 1_000, monotonicMs: 5, bootId: bootId() };
    expect(startOnThisMachine(startedAt, 3_600_000, 0)).toEqual(startedAt);
  });

  test('is told by the wall clock if it was on another machine', () => {
    const startedAt = { unixMs: 1_000, monotonicMs: 5, bootId: 'another' };
    const here = startOnThisMachine(startedAt, 61_000, 5_000);
    expect(monotonicMs() - here.monotonicMs).toBeGreaterThanOrEqual(60_000);
    expect(monotonicMs() - here.monotonicMs).toBeLessThan(60_500);
    expect(here).toMatchObject({ unixMs: 1_000, bootId: bootId() });
  });

  test('is at least as long ago as what is written lasts, even if the wall clock here says otherwise', () => {
    const startedAt = { unixMs: 100_000, monotonicMs: 5, bootId: 'another' };
    const here = startOnThisMachine(startedAt, 61_000, 90_000);
    expect(monotonicMs() - here.monotonicMs).toBeGreaterThanOrEqual(90_000);
    expect(monotonicMs() - here.monotonicMs).toBeLessThan(90_500);
  });
});

const DEMO = { call: { id: 'c' }, source: { kind: 'demo' } };

function keeper(
  given: RecordingManifest | null = null,
  save = vi.fn<ManifestStore['save']>(async () => {}),
  pauses: RecordingManifest['pauses'] = [],
  layout = createLayoutInUse(requestOf('r1', DEMO).layout),
  written: ReturnType<Outputs['writtenUntil']> = [],
) {
  let parts = 0;
  const kept = vi.fn(async () => {});
  const outputs = {
    unfinished: () => [
      { name: 'recording', file: { key: 'a', mediaType: 'video/mp4', parts }, failure: null },
    ],
    writtenUntil: () => written,
    keepManifest: kept as Outputs['keepManifest'],
  } as unknown as Outputs;
  const manifest = createManifestKeeper({
    recordingId: 'r1',
    store: { given, save },
    outputs,
    journal: { soFar: () => ({ start: null, warnings: [], gaps: [], pauses, decodedS: 0 }) },
    layout,
    nowUnixMs: () => 1_000_000,
    log: { warn: () => {} } as never,
  });
  return { manifest, save, kept, sendPart: () => void parts++ };
}

describe('a manifest', () => {
  test('is not written before the first picture', async () => {
    const { manifest, save } = keeper();
    await manifest.save();
    expect(save).not.toHaveBeenCalled();
  });

  test('is written in Redis and next to the bytes', async () => {
    const { manifest, save, kept } = keeper();
    manifest.begun(monotonicMs() - 2_000);
    await manifest.save();
    expect(save.mock.lastCall?.[0]).toMatchObject({ version: 1, recordingId: 'r1', ended: null });
    expect(save.mock.lastCall?.[0].startedAt.unixMs).toBeCloseTo(998_000, -2);
    expect(kept).toHaveBeenCalledWith(save.mock.lastCall?.[0]);
  });

  test('is written again when a part was sent, and at most once a second', async () => {
    const { manifest, save, sendPart } = keeper();
    manifest.begun(0);
    await manifest.save();
    for (const [atMs, calls] of [
      [0, 1],
      [500, 1],
      [1_000, 2],
      [1_100, 2],
      [2_000, 2],
    ] as const) {
      if (atMs === 500) sendPart();
      manifest.tick(atMs);
      await setImmediate();
      expect(save).toHaveBeenCalledTimes(calls);
    }
  });

  test('with an end no longer counts time, also where another worker goes on', async () => {
    const ended = { reason: 'stopped', error: null, endedAtUnixMs: 7, durationS: 12 } as const;
    const { manifest, save } = keeper();
    manifest.begun(monotonicMs() - 60_000);
    expect(manifest.elapsedS()).toBeCloseTo(60, 0);
    await manifest.save(ended);
    expect(manifest.elapsedS()).toBe(12);
    const later = keeper(save.mock.lastCall?.[0]).manifest;
    expect([later.elapsedS(), later.ended()]).toEqual([12, ended]);
  });

  test('of a recording that goes on in another worker lasts as long as what is written', async () => {
    const { manifest, save } = keeper();
    manifest.begun(monotonicMs() - 60_000);
    await manifest.save();
    const written = [{ videoS: 58.5, audioS: 58.4, frames: 1 }];
    const later = keeper(save.mock.lastCall?.[0], undefined, [], undefined, written).manifest;
    expect(later.told()).toMatchObject({ durationS: 58.5, isExact: false });
  });

  test('says that the browser draws the videos from now on, also to a later worker', async () => {
    const { manifest, save } = keeper();
    manifest.begun(0);
    await manifest.save();
    expect(keeper(save.mock.lastCall?.[0]).manifest.draws()).toBe(false);
    manifest.drawFromNowOn();
    await manifest.save();
    expect(keeper(save.mock.lastCall?.[0]).manifest.draws()).toBe(true);
  });

  test('counts no time of a pause that is skipped, neither while it lasts nor afterwards nor in another worker', async () => {
    const pauses: RecordingManifest['pauses'][number][] = [];
    const { manifest, save } = keeper(null, undefined, pauses);
    const startedAtMs = monotonicMs() - 60_000;
    manifest.begun(startedAtMs);
    pauses.push({ fromS: 20, untilS: null, lastedS: null, mode: 'skip', fromUnixMs: 0 });
    expect(manifest.elapsedS()).toBe(20);
    expect(manifest.skipped(startedAtMs + 30_000)).toBe(30);
    pauses.pop();
    expect(manifest.elapsedS()).toBeCloseTo(30, 0);
    expect(manifest.startedAt()?.monotonicMs).toBe(startedAtMs + 30_000);
    await manifest.save();
    expect(save.mock.lastCall?.[0].skippedMs).toBe(30_000);
    expect(keeper(save.mock.lastCall?.[0]).manifest.elapsedS()).toBeCloseTo(30, 0);
  });

  test('counts the time of a pause that is silent in the file', () => {
    const pause = { fromS: 20, untilS: null, lastedS: null, mode: 'silence', fromUnixMs: 0 } as const;
    const { manifest } = keeper(null, undefined, [pause]);
    manifest.begun(monotonicMs() - 60_000);
    expect(manifest.elapsedS()).toBeCloseTo(60, 0);
  });

  test('has a layout that was changed in Redis, and not next to the bytes', async () => {
    const layout = createLayoutInUse(requestOf('r1', DEMO).layout);
    const { manifest, save, kept } = keeper(null, undefined, [], layout);
    manifest.begun(0);
    await manifest.save();
    expect(save.mock.lastCall?.[0]).not.toHaveProperty('layout');
    layout.change({ external_css_url: 'https://css.example/?token=t' }, '7-0');
    manifest.tick(0);
    await setImmediate();
    const written = { name: null, options: {}, external_css_url: 'https://css.example/?token=t' };
    expect(save.mock.lastCall?.[0].layout).toEqual({ written, command: '7-0' });
    expect(kept).toHaveBeenCalledTimes(2);
    expect(JSON.stringify(kept.mock.calls)).not.toContain('css.example');
  });

  test('that cannot be written holds up nothing', async () => {
    const { manifest } = keeper(
      null,
      vi.fn(() => Promise.reject(new Error('Redis is down'))),
    );
    manifest.begun(0);
    await manifest.save();
  });

  test('adds up the figures of segments, which are not exact once a recorder was lost', () => {
    const { manifest } = keeper();
    const stats = { frames: 0, droppedFrames: 0, blankForS: 0, silentForS: 0, decodedS: 0 };
    manifest.segmentEnded({ ...stats, durationS: 2, encodings: [{ frames: 58, droppedFrames: 2 }] }, true);
    expect(manifest.told()).toMatchObject({ durationS: 2, isExact: true });
    manifest.segmentEnded(
      { ...stats, durationS: 9, encodings: [{ frames: 100, droppedFrames: 110 }] },
      false,
    );
    const told = { durationS: 9, isExact: false, encodings: [{ frames: 158, droppedFrames: 112 }] };
    expect(manifest.told()).toEqual(told);
    manifest.segmentEnded({ ...stats, durationS: 0, encodings: [{ frames: 0, droppedFrames: 0 }] }, true);
    expect(manifest.told()).toEqual(told); // no picture came in this segment
  });
});

test('of values that are to be written while an earlier one is, only the newest is written', async () => {
  const written: number[] = [];
  let finish: () => void = () => {};
  const write = latestOnly<number>(
    (value) => {
      written.push(value);
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
    () => {},
  );
  const first = write(1);
  await setImmediate();
  const rest = Promise.all([write(2), write(3)]);
  finish();
  await first;
  await setImmediate();
  finish();
  await rest;
  expect(written).toEqual([1, 3]);
});
