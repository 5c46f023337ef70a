import { rm } from 'node:fs/promises';
import type { RecordedFile, RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { isFinal } from '../../shared/events/recordingState.ts';
import { messageOf } from '../recordingError.ts';
import { lostRecording } from './lostRecording.ts';
import type { Orphan } from './orphan.ts';
import type { QueueView } from './queueView.ts';

/** What is needed to put orphans right. */
export interface OrphanTools {
  readonly queue: QueueView;
  /** Makes an ordinary file of a `.part`. Resolves to null if there was nothing to play in it, and it was removed. */
  readonly finishFile: (orphan: Orphan) => Promise<RecordedFile | null>;
  /** Tells everybody of the final event of a recording. */
  readonly tell: (event: RecordingEvent) => Promise<void>;
  readonly nowUnixMs: () => number;
}

/** What became of an orphan. */
export interface FixedOrphan {
  readonly orphan: Orphan;
  readonly isFixed: boolean;
  /** What was done, or why nothing was. */
  readonly outcome: string;
}

/** Files first, so that the final event of a recording can name them, and the manifest that names them last. */
const ORDER: readonly Orphan['kind'][] = [
  'unfinished_file',
  'spool',
  'undelivered',
  'side_file',
  'work_folder',
  'record',
  'manifest',
];

/** Puts each orphan right, or leaves it as it is and says why. One that fails does not harm the others. */
export async function fixOrphans(orphans: readonly Orphan[], tools: OrphanTools): Promise<FixedOrphan[]> {
  const inOrder = [...orphans].sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind));
  const files = new Map<string, RecordedFile[]>();
  const fixed: FixedOrphan[] = [];
  for (const orphan of inOrder) {
    try {
      fixed.push({ orphan, ...(await fixOne(orphan, files, tools)) });
    } catch (error) {
      fixed.push({ orphan, isFixed: false, outcome: messageOf(error) });
    }
  }
  return fixed;
}

async function fixOne(
  orphan: Orphan,
  files: Map<string, RecordedFile[]>,
  tools: OrphanTools,
): Promise<Omit<FixedOrphan, 'orphan'>> {
  const { action, kind, place, recordingId } = orphan;
  const { queue } = tools;
  if (action === 'keep') return left(orphan.reason);
  if (!(await queue.take(place))) return left('Another worker takes care of it.');
  if (recordingId !== null && (await queue.isAlive(recordingId))) return left('Somebody works on it again.');
  if (action === 'end') return endRecord(String(recordingId), files, tools);
  if (action === 'finish') {
    const file = await tools.finishFile(orphan);
    if (file === null) return done('There was nothing to play in it, so it was removed.');
    if (recordingId !== null) files.set(recordingId, [...(files.get(recordingId) ?? []), file]);
    return done(`It is a playable file of ${file.duration_s} s now: ${file.file}`);
  }
  if (kind === 'manifest') await queue.forgetManifest(place);
  else await rm(place, { recursive: true, force: true });
  return done('It was removed.');
}

/** Nobody else tells of the end: the recording has neither a worker nor a job. */
async function endRecord(
  recordingId: string,
  files: ReadonlyMap<string, readonly RecordedFile[]>,
  { queue, tell, nowUnixMs }: OrphanTools,
): Promise<Omit<FixedOrphan, 'orphan'>> {
  const record = await queue.record(recordingId);
  if (record === null || isFinal(record.state)) return left('It has ended meanwhile.');
  const manifests = [...(await queue.manifests()).values()];
  const named = manifests.find((one) => one.recordingId === recordingId) ?? null;
  await tell(lostRecording(record, files.get(recordingId) ?? [], named, nowUnixMs()));
  return done('It has ended as failed, with the error worker_lost.');
}

function done(outcome: string) {
  return { isFixed: true, outcome };
}

function left(outcome: string) {
  return { isFixed: false, outcome };
}
