import pTimeout from 'p-timeout';
import type { CaptureStats, PictureCounts } from '../../shared/recorder/recorderMessages.ts';
import type { Logger } from '../log.ts';
import { bootId, monotonicMs } from '../machineClock.ts';
import type { Outputs } from '../outputs/createOutputs.ts';
import type { LayoutInUse } from '../page/layoutInUse.ts';
import { type Journal, openPause } from './journal.ts';
import { latestOnly } from './latestOnly.ts';
import {
  type EndOfTimeline,
  type RecordingManifest,
  type StartOfTimeline,
  startOnThisMachine,
} from './manifest.ts';

const LOOK_EVERY_MS = 1_000;
const SAVE_LIMIT_MS = 2_000;

/** Where a manifest is written besides the place of each file. */
export interface ManifestStore {
  /** What another worker has written of this recording; null where it begins now. */
  readonly given: RecordingManifest | null;
  save(manifest: RecordingManifest): Promise<void>;
}

/** Keeps the timeline of a recording over all its segments, and writes it down whenever it changes. */
export interface ManifestKeeper {
  /**
   * The instant of the first picture on the wall clock, and where the timeline of the files begins on this machine's
   * monotonic clock: at the first picture, but later by all that was paused and left out. Null before the first picture.
   */
  startedAt(): { readonly monotonicMs: number; readonly unixMs: number } | null;
  /**
   * How long the recording lasts by now, in seconds: 0 before its first picture, and its length after its end. It stands
   * still in a pause that is left out of the files.
   */
  elapsedS(): number;
  /** How the recording ended, in this worker or in the one before; null while it goes on. */
  ended(): EndOfTimeline | null;
  /** Takes the instant of the first picture. The first one counts. */
  begun(startMonotonicMs: number): void;
  /**
   * Takes where the timeline of the files begins on the monotonic clock, after a pause that was left out of them. Returns
   * by how much it is later, in seconds.
   */
  skipped(startMonotonicMs: number): number;
  /** Whether the browser draws the videos from now on, whatever the job asks for, in this worker and in each later one. */
  draws(): boolean;
  /** From now on it does. */
  drawFromNowOn(): void;
  /** Takes the figures of a segment that is complete; they are an estimate where its recorder was lost. */
  segmentEnded(stats: CaptureStats, isExact: boolean): void;
  /** Writes the manifest if it has changed, at most once a second. */
  tick(nowMs: number): void;
  /**
   * Writes the manifest, at the end with how the recording ended. Resolves once it is written, or after 2 s if
   * the places where it is written do not answer.
   */
  save(ended?: EndOfTimeline): Promise<void>;
  /** The figures of all complete segments. They are not exact if a recorder or a worker was lost. */
  told(): ToldFigures;
}

/** What recorders have told of the segments that are complete. */
export interface ToldFigures {
  readonly encodings: readonly PictureCounts[];
  readonly durationS: number;
  readonly isExact: boolean;
}

export function createManifestKeeper(given: {
  readonly recordingId: string;
  readonly store: ManifestStore;
  readonly outputs: Outputs;
  readonly journal: Pick<Journal, 'soFar'>;
  readonly layout: Pick<LayoutInUse, 'toKeep'>;
  readonly nowUnixMs: () => number;
  readonly log: Logger;
}): ManifestKeeper {
  const { recordingId, store, outputs, journal, layout, nowUnixMs, log } = given;
  const earlier = store.given;
  let startedAt = earlier && startHere(earlier.startedAt, given);
  let skippedMs = earlier?.skippedMs ?? 0;
  let draws = earlier?.draws ?? false;
  let encodings = earlier?.counts ?? [];
  let durationS = earlier?.ended?.durationS ?? writtenS(outputs);
  let isExact = earlier === null;
  let ended: EndOfTimeline | null = earlier?.ended ?? null;
  let text = '';
  let lookedAtMs: number | null = null;
  const warn = (error: unknown) => log.warn({ err: error }, 'the manifest could not be written');
  const saveInRedis = latestOnly(store.save, warn);
  const keepBeside = latestOnly(outputs.keepManifest, warn);

  function current(): RecordingManifest | null {
    if (startedAt === null) return null;
    const changed = layout.toKeep();
    return {
      version: 1,
      recordingId,
      startedAt,
      skippedMs,
      ...(changed && { layout: changed }),
      ...(draws && { draws }),
      ...journal.soFar(),
      outputs: outputs.unfinished(),
      counts: encodings,
      ended,
    };
  }

  async function write(): Promise<void> {
    const manifest = current();
    if (manifest === null) return;
    text = JSON.stringify(manifest);
    const { layout: _onlyInRedis, ...beside } = manifest;
    const written = Promise.all([saveInRedis(manifest), keepBeside(beside)]);
    await pTimeout(written, { milliseconds: SAVE_LIMIT_MS }).catch(warn);
  }

  return {
    startedAt: () => startedAt && { ...startedAt, monotonicMs: startedAt.monotonicMs + skippedMs },
    ended: () => ended,
    elapsedS: () => {
      if (ended) return ended.durationS;
      const pause = openPause(journal.soFar());
      if (pause?.mode === 'skip') return pause.fromS;
      return startedAt === null ? 0 : (monotonicMs() - startedAt.monotonicMs - skippedMs) / 1000;
    },
    begun: (startMonotonicMs) => {
      startedAt ??= {
        unixMs: nowUnixMs() - (monotonicMs() - startMonotonicMs),
        monotonicMs: startMonotonicMs,
        bootId: bootId(),
      };
    },
    skipped: (startMonotonicMs) => {
      const before = skippedMs;
      if (startedAt) skippedMs = startMonotonicMs - startedAt.monotonicMs;
      return (skippedMs - before) / 1000;
    },
    draws: () => draws,
    drawFromNowOn: () => {
      draws = true;
    },
    segmentEnded: (stats, isCounted) => {
      isExact &&= isCounted;
      durationS = Math.max(durationS, stats.durationS); // a segment without a picture tells 0
      encodings = stats.encodings.map(({ frames, droppedFrames }, index) => ({
        frames: frames + (encodings[index]?.frames ?? 0),
        droppedFrames: droppedFrames + (encodings[index]?.droppedFrames ?? 0),
      }));
    },
    tick: (nowMs) => {
      if (lookedAtMs !== null && nowMs - lookedAtMs < LOOK_EVERY_MS) return;
      lookedAtMs = nowMs;
      if (JSON.stringify(current()) !== text) void write();
    },
    save: (end) => {
      ended = end ?? ended;
      return write();
    },
    told: () => ({ encodings, durationS, isExact }),
  };
}

/** When the recording of another worker started. It goes on behind what is written, whatever the clocks say. */
function startHere(
  startedAt: StartOfTimeline,
  { outputs, store, nowUnixMs, log }: Parameters<typeof createManifestKeeper>[0],
): StartOfTimeline {
  const writtenMs = writtenS(outputs) * 1000 + (store.given?.skippedMs ?? 0);
  const here = startOnThisMachine(startedAt, nowUnixMs(), writtenMs);
  const movedMs = nowUnixMs() - startedAt.unixMs - (monotonicMs() - here.monotonicMs);
  if (here !== startedAt && movedMs < -1_000)
    log.warn(
      { movedMs },
      'the clock of this machine is behind what is recorded already, and is not followed',
    );
  return here;
}

/** Where the longest file ends, in seconds of the recording. */
function writtenS(outputs: Pick<Outputs, 'writtenUntil'>): number {
  return Math.max(0, ...outputs.writtenUntil().flatMap(({ videoS, audioS }) => [videoS, audioS]));
}
