import type { FoundCall } from '../recordings/findCall.ts';
import { type CallRow, cidOf, type MemberRow, type RecordingRow } from '../store/rows.ts';
import { settingsReply } from './settingsReply.ts';

/** Whoever has no user of its own created it as a server. */
const SERVER = 'server';

/** A call as the API tells of it, with every field that clients read without asking whether it is there. */
export function callReply({ call, type }: FoundCall, running: RecordingRow | null): Record<string, unknown> {
  const isRecording = running !== null;
  return {
    ...{ id: call.id, type: call.type, cid: cidOf(call), custom: call.custom, team: '' },
    ...{ created_at: new Date(call.createdAt), updated_at: new Date(call.updatedAt) },
    ...(call.startsAt !== null && { starts_at: new Date(call.startsAt) }),
    ...(call.endedAt !== null && { ended_at: new Date(call.endedAt) }),
    created_by: userReply(call.createdBy ?? SERVER, 'user', call),
    settings: settingsReply(type.settings, call.settingsOverride),
    egress: {
      ...{ broadcasting: false, rtmps: [] },
      ...(isRecording && { composite_recording: { status: 'running' } }),
    },
    ingress: { rtmp: { address: '' }, srt: { address: '' }, whip: { address: '' } },
    ...{
      recording: isRecording,
      transcribing: false,
      captioning: false,
      translating: false,
      backstage: false,
    },
    ...{ blocked_user_ids: [], current_session_id: running?.sessionId ?? '' },
  };
}

/** A member as the API tells of it. */
export function memberReply(member: MemberRow): Record<string, unknown> {
  const at = { createdAt: member.createdAt, updatedAt: member.createdAt };
  return {
    ...{ user_id: member.user_id, role: member.role, custom: member.custom },
    ...{ created_at: new Date(at.createdAt), updated_at: new Date(at.updatedAt) },
    user: userReply(member.user_id, 'user', at),
  };
}

function userReply(
  id: string,
  role: string,
  { createdAt, updatedAt }: Pick<CallRow, 'createdAt' | 'updatedAt'>,
) {
  return {
    ...{ id, role, name: '', image: '', custom: {}, teams: [], language: '', blocked_user_ids: [] },
    ...{
      banned: false,
      online: false,
      invisible: false,
      shadow_banned: false,
      created_at: new Date(createdAt),
      updated_at: new Date(updatedAt),
    },
  };
}
