import { createHash } from 'node:crypto';
import type { Api } from '../api.ts';
import { cidOf, isOver, type RecordingRow } from '../store/rows.ts';
import { recordingSettings } from './callSettings.ts';
import { currentRecording } from './currentRecording.ts';
import { findCall } from './findCall.ts';
import { beginRecording } from './startRecording.ts';
import { runningRecording, stopThis } from './stopRecording.ts';

/** One meeting in a call: `session` is another one each time that people meet. */
export interface CallSession {
  readonly tenant: string;
  readonly type: string;
  readonly id: string;
  readonly session: string;
}

/** Noted for a session that is over, so that a message which comes late does not start its recording. */
const OVER = 'over';

/**
 * Starts the recording of a session that people have joined, where the settings of the call say `auto-on`. It may be
 * called any number of times, on any number of servers: a session is recorded once, whoever started or stopped that.
 */
export async function recordSession(api: Api, given: CallSession): Promise<void> {
  const { tenant, session } = given;
  const found = await findCall(api, tenant, given);
  const settings = recordingSettings(found.type.settings, found.call.settingsOverride);
  if (settings.mode !== 'auto-on') return;
  const id = recordingIdOf(given);
  // A webhook may come late: whatever its session had to end was ended when it was claimed.
  const claimed = (await api.store.sessions.of(tenant, keyOf(given))) ?? (await claim(api, given, id));
  if (claimed !== id) return;
  if (await isUnderWay(api, tenant, id)) return;
  const startedBy = { kind: 'auto_on', userId: null } as const;
  await beginRecording(api, { id, tenant, found, settings, storage: null, sessionId: session, startedBy });
}

/** Ends the recording of a session that is over, and does not let another one begin. */
export async function endSession(api: Api, given: CallSession): Promise<void> {
  const { tenant } = given;
  const { type, call } = await findCall(api, tenant, given);
  const isAutoOn = recordingSettings(type.settings, call.settingsOverride).mode === 'auto-on';
  const { sessions, recordings } = api.store;
  const id = isAutoOn
    ? await sessions.claim(tenant, keyOf(given), OVER)
    : await sessions.of(tenant, keyOf(given));
  const row = id === null || id === OVER ? null : await recordings.get(tenant, id);
  const now = row && (await currentRecording(api, row));
  if (now && !isOver(now.state)) await stopThis(api, now);
}

/** Notes for a session the recording that its call has, or else this one. Resolves to what is noted for it then. */
async function claim(api: Api, given: CallSession, id: string): Promise<string> {
  const own = await endedIfEarlier(api, given, await runningRecording(api, given.tenant, given));
  return api.store.sessions.claim(given.tenant, keyOf(given), own ?? id);
}

/**
 * The id of the recording that a call has and that this session counts as its own; null if it has none. One that is being
 * stored has nothing of this session. One that was started for an earlier session is ended: that session is over, whether
 * or not we were told.
 */
async function endedIfEarlier(
  api: Api,
  { session }: CallSession,
  running: RecordingRow | null,
): Promise<string | null> {
  if (running === null || running.state === 'stopping') return null;
  if (running.startedBy.kind !== 'auto_on' || running.sessionId === session) return running.id;
  await stopThis(api, running);
  return null;
}

/**
 * Whether the recording was put on the queue: a server may have been lost before it did. Of one that was deleted since, the
 * workers' report is left. One that never came there counts as failed after a while, and is forgotten here.
 */
async function isUnderWay(api: Api, tenant: string, id: string): Promise<boolean> {
  const row = await api.store.recordings.get(tenant, id);
  if (row !== null && (row.result !== null || row.stopRequestedAt !== null)) return true;
  if ((await api.queue.report(id)) !== null) return true;
  if (row === null) return false;
  if (await api.queue.isWaitingOrRunning(id)) return true;
  if (isOver(row.state)) await api.store.recordings.remove(row);
  return false;
}

/** The same id on every server, so that the queue takes the job of a session once. */
function recordingIdOf({ tenant, type, id, session }: CallSession): string {
  const named = JSON.stringify([tenant, type, id, session]);
  const hex = createHash('sha256').update(named).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function keyOf(given: CallSession): string {
  return `${cidOf(given)}:${given.session}`;
}
