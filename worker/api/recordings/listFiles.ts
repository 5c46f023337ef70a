import type { Api } from '../api.ts';
import { checkPermission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { isOver, type RecordingRow, type StoredFile } from '../store/rows.ts';
import { currentRecording } from './currentRecording.ts';
import { findCall } from './findCall.ts';

/** As many recordings of a call as one answer has. */
const MOST_LISTED = 1_000;
const PAGE = 100;

/** A file of a recording that is over. */
export interface ListedFile {
  readonly recording: RecordingRow;
  readonly file: StoredFile;
}

/** The files of all recordings of a call, or of one of its sessions; those of the newest recording first. */
export async function listFiles(
  api: Api,
  who: Principal,
  given: { readonly type: string; readonly id: string; readonly session?: string },
): Promise<ListedFile[]> {
  const { call, grants } = await findCall(api, who.tenant, given);
  checkPermission('ListRecordings', who, call, grants);
  return filesOfCall(api, who.tenant, given);
}

export async function filesOfCall(
  api: Api,
  tenant: string,
  { type, id, session }: { readonly type: string; readonly id: string; readonly session?: string },
): Promise<ListedFile[]> {
  const listed: ListedFile[] = [];
  let cursor: string | null | undefined;
  for (let seen = 0; seen < MOST_LISTED && cursor !== null; ) {
    const query = { callType: type, callId: id, sessionId: session, limit: PAGE, cursor };
    const page = await api.store.recordings.list(tenant, query);
    const recordings = await Promise.all(page.recordings.map((row) => currentRecording(api, row)));
    for (const recording of recordings)
      if (isOver(recording.state)) listed.push(...recording.files.map((file) => ({ recording, file })));
    seen += page.recordings.length;
    cursor = page.next;
  }
  return listed;
}
