import { hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import { isFinal } from '../../shared/events/recordingState.ts';
import type { RecordingRecord } from '../records/recordStore.ts';
import { readSentMark } from '../storage/sentMark.ts';
import { findLeftFiles, type LeftFile, openPaths } from './leftFiles.ts';
import { type Orphan, YOUNGEST_S } from './orphan.ts';
import type { NamedFiles, QueueView } from './queueView.ts';

/** The end of the name of a file that the worker has encrypted. */
const ENCRYPTED = '.age';

/** Where orphans are looked for. */
export interface OrphanSources {
  readonly recordingsDir: string;
  readonly queue: QueueView;
  /** The temporary folders that killed workers left behind. */
  readonly workFolders: () => Promise<string[]>;
  readonly nowUnixMs: () => number;
}

/**
 * Lists what nobody works on any more. Never in the list: what belongs to a recording that has a lease or whose job
 * is on the queue, what a process of this machine has open, and what changed within the last 2 minutes.
 */
export async function findOrphans(sources: OrphanSources): Promise<Orphan[]> {
  const manifests = await sources.queue.manifests();
  const files = await orphanedFiles(sources, [...manifests.values()]);
  const folders = (await sources.workFolders()).map(orphanedFolder);
  return [
    ...files,
    ...folders,
    ...(await orphanedManifests(sources, manifests)),
    ...(await orphanedRecords(sources)),
  ];
}

async function orphanedFiles(sources: OrphanSources, manifests: readonly NamedFiles[]): Promise<Orphan[]> {
  const { recordingsDir, queue, nowUnixMs } = sources;
  const named = new Map(
    manifests.flatMap((manifest) => pathsHere(manifest).map((path) => [path, manifest] as const)),
  );
  const found = await findLeftFiles(resolve(recordingsDir), [...named.keys()]);
  const old = found.filter(({ changedAtUnixMs }) => nowUnixMs() - changedAtUnixMs >= YOUNGEST_S * 1000);
  const open = old.length > 0 ? await openPaths() : new Set();
  const orphans: Orphan[] = [];
  for (const file of old.filter(({ path }) => !open.has(path))) {
    const manifest = file.manifest ?? named.get(file.path) ?? null;
    const recordingId = manifest?.recordingId ?? null;
    if (recordingId !== null && (await queue.isAlive(recordingId))) continue;
    const record = recordingId === null ? null : await queue.record(recordingId);
    const ageS = Math.round((nowUnixMs() - file.changedAtUnixMs) / 1000);
    const { kind, path, sizeBytes } = file;
    const { reason, ...plan } = whatToDo(file, {
      isKnown: record !== null,
      storedAs: storedPlaceOf(path, record),
      settledBytes: (await readSentMark(path).catch(() => null))?.settledBytes ?? 0,
    });
    const told = `${reason}${meantFor(path, manifest)}`;
    orphans.push({ kind, place: path, recordingId, ageS, sizeBytes, ...plan, reason: told });
  }
  return orphans;
}

/** What is known of a file beside its name and size. */
interface Known {
  /** Whether its recording is one of this queue. */
  readonly isKnown: boolean;
  /** Where its recording is stored; null if it is not, as far as is known. */
  readonly storedAs: string | null;
  /** So many bytes at its beginning are in its bucket only, as parts of an upload. */
  readonly settledBytes: number;
}

/**
 * A file of which this queue knows nothing may belong to a recording of another queue, so a worker leaves it to a
 * person. What is complete and waits for a bucket stays, because the credentials were in the job, and that is gone. What
 * another machine has stored in the meantime must not be uploaded once more.
 */
function whatToDo(
  file: LeftFile,
  { isKnown, storedAs, settledBytes }: Known,
): Pick<Orphan, 'action' | 'isAutomatic' | 'reason'> {
  const isUnfinished = file.path.endsWith('.part');
  if (file.kind === 'side_file')
    return {
      action: 'remove',
      isAutomatic: true,
      reason: 'The file that it belongs to is complete or gone.',
    };
  if (file.kind === 'undelivered' || !isUnfinished) {
    const reason = 'It is complete, but was not delivered. Upload it by hand, and then delete it.';
    return { action: 'keep', isAutomatic: false, reason };
  }
  if (storedAs !== null) {
    // What is stored is the same recording, encrypted, and nobody is to keep it in plain.
    const isRemoved = settledBytes > 0 || storedAs.endsWith(ENCRYPTED);
    return {
      action: isRemoved ? 'remove' : 'keep',
      isAutomatic: isRemoved,
      reason: `Its recording is stored already, as ${storedAs}. Do not upload this; delete it.`,
    };
  }
  if (settledBytes > 0) {
    const reason = `Its first ${settledBytes} bytes are in its bucket only, as parts of an upload that is not complete.`;
    return { action: 'keep', isAutomatic: false, reason };
  }
  const action = file.sizeBytes === 0 ? 'remove' : 'finish';
  return isKnown
    ? { action, isAutomatic: true, reason: 'Its worker was lost, and nobody went on with it.' }
    : { action, isAutomatic: false, reason: 'This queue knows nothing of it, and no process has it open.' };
}

/** Where the result of its recording says that a file of this name is, or one that was made of it. */
function storedPlaceOf(path: string, record: RecordingRecord | null): string | null {
  const files = (record?.result?.files ?? []).flatMap(({ file }) => file ?? []);
  const key = basename(path, '.part');
  const isSame = (file: string) =>
    (/^[a-z][a-z\d]*:\/\//.test(file) && file.endsWith(`/${key}`)) || file.endsWith(`/${key}${ENCRYPTED}`);
  return files.find(isSame) ?? null;
}

function meantFor(path: string, manifest: NamedFiles | null): string {
  const output = manifest?.outputs.find(({ file }) => file?.partPath === path);
  return output?.file?.location ? ` It was meant for ${output.file.location}.` : '';
}

/** The unfinished files that a manifest names on this machine. */
function pathsHere({ outputs }: NamedFiles): string[] {
  return outputs.flatMap(({ file }) => (file?.machine === hostname() ? (file.partPath ?? []) : []));
}

function orphanedFolder(place: string): Orphan {
  const about = { place, recordingId: null, ageS: null, sizeBytes: null };
  return {
    kind: 'work_folder',
    ...about,
    action: 'remove',
    isAutomatic: true,
    reason: 'The worker of this browser has ended.',
  };
}

/**
 * A manifest that names files of another machine waits for that machine, which finds by it what it has to finish, for
 * the 7 days that a record is kept.
 */
async function orphanedManifests(
  { queue, nowUnixMs }: OrphanSources,
  manifests: ReadonlyMap<string, NamedFiles>,
): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  for (const [place, manifest] of manifests) {
    const { recordingId } = manifest;
    if (await queue.isAlive(recordingId)) continue;
    const record = await queue.record(recordingId);
    const ageS = record && ageInS(record.updated_at, nowUnixMs());
    if (ageS !== null && (ageS < YOUNGEST_S || isElsewhere(manifest))) continue;
    const reason = 'Its recording has neither a worker nor a job.';
    const about = { place, recordingId, ageS, sizeBytes: null };
    orphans.push({ kind: 'manifest', ...about, action: 'remove', isAutomatic: true, reason });
  }
  return orphans;
}

function isElsewhere({ outputs }: NamedFiles): boolean {
  return outputs.some(({ file }) => file !== null && file.machine !== hostname());
}

function ageInS(time: string, nowUnixMs: number): number {
  return Math.round((nowUnixMs - Date.parse(time)) / 1000);
}

async function orphanedRecords({ queue, nowUnixMs }: OrphanSources): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  for (const { recording_id: recordingId, state, updated_at } of await queue.records()) {
    const ageS = ageInS(updated_at, nowUnixMs());
    if (isFinal(state) || ageS < YOUNGEST_S || (await queue.isAlive(recordingId))) continue;
    const reason = `It is still "${state}", but has neither a worker nor a job.`;
    const about = { place: recordingId, recordingId, ageS, sizeBytes: null };
    orphans.push({ kind: 'record', ...about, action: 'end', isAutomatic: true, reason });
  }
  return orphans;
}
