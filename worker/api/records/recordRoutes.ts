import { z } from '@hono/zod-openapi';
import { LayoutChange } from '../../../shared/layout/layoutChange.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkIsServer, checkPermission, type Permission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { fileLink } from '../files/fileLink.ts';
import { lookAtOpen } from '../followOpen.ts';
import { route } from '../http/routes.ts';
import { changeLayout } from '../recordings/changeLayout.ts';
import { currentRecording } from '../recordings/currentRecording.ts';
import { removeFiles } from '../recordings/deleteFile.ts';
import { findCall } from '../recordings/findCall.ts';
import { stopThis } from '../recordings/stopRecording.ts';
import { isOver, RECORD_STATES, type RecordingRow, STARTERS } from '../store/rows.ts';
import { Done } from '../stream/replies.ts';

const MOST_ON_A_PAGE = 200;
const tag = 'Records';

const Id = z.object({ id: z.string().regex(/^[\w-]{1,100}$/, { error: 'is no id of a recording' }) });
const Query = z.object({
  call_type: z.string().max(64).optional(),
  call_id: z.string().max(200).optional(),
  session_id: z.string().max(200).optional(),
  state: z.enum(RECORD_STATES).optional(),
  from: z.iso.datetime({ offset: true }).optional().openapi({ description: 'Started at this time or later' }),
  until: z.iso
    .datetime({ offset: true })
    .optional()
    .openapi({ description: 'Started at this time or earlier' }),
  limit: z.coerce.number().int().min(1).max(MOST_ON_A_PAGE).default(50),
  cursor: z.string().max(200).optional().openapi({ description: '`next` of the page before' }),
});

const File = z.object({
  ...{ name: z.string(), filename: z.string(), url: z.string(), media_type: z.string() },
  ...{ size_bytes: z.number(), duration_s: z.number(), frames: z.number(), dropped_frames: z.number() },
});
const Listed = z.looseObject({
  ...{ id: z.string(), state: z.enum(RECORD_STATES), call_type: z.string(), call_id: z.string() },
  ...{ session_id: z.string(), created_at: z.string(), files: z.array(File) },
  started_by: z.object({ kind: z.enum(STARTERS), user_id: z.string().nullable() }),
});
const Change = z.strictObject({ layout: LayoutChange });
const Page = z.object({ recordings: z.array(Listed), next: z.string().nullable(), duration: z.string() });

/** The records of recordings: our own paths, which tell more than those of other vendors. */
export const recordRoutes = [
  route({
    ...{ method: 'get', path: '/recordings', summary: 'List recordings, the newest first', tag },
    ...{ query: Query, reply: Page },
    handle: async (api, { who, query }) => {
      await checkQuery(api, who, query);
      // States are looked for as they were last written.
      if (query.state !== undefined) await lookAtOpen(api, who.tenant);
      const { from, until, call_type: callType, call_id: callId, session_id: sessionId, ...others } = query;
      const times = { from: from && Date.parse(from), until: until && Date.parse(until) };
      const asked = { ...others, callType, callId, sessionId, ...times } as never;
      const page = await api.store.recordings.list(who.tenant, asked);
      const rows = await Promise.all(page.recordings.map((row) => currentRecording(api, row)));
      return { recordings: rows.map((row) => recordReply(api, row)), next: page.next };
    },
  }),
  route({
    ...{ method: 'get', path: '/recordings/{id}', summary: 'Get a recording with its events', tag },
    ...{ params: Id, reply: Listed },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'ListRecordings', params.id);
      return { ...recordReply(api, row), events: await api.queue.events(row.id) };
    },
  }),
  route({
    ...{ method: 'post', path: '/recordings/{id}/stop', summary: 'End a recording and store it', tag },
    ...{ params: Id, reply: Listed },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'StopRecording', params.id);
      if (isOver(row.state)) throw new ApiError('bad_input', `the recording is over: it is ${row.state}`);
      return recordReply(api, await stopThis(api, row));
    },
  }),
  route({
    ...{
      method: 'patch',
      path: '/recordings/{id}',
      summary: 'Change the layout of a running recording',
      tag,
    },
    ...{ params: Id, body: Change, reply: Listed },
    handle: async (api, { who, params, body }) => {
      const row = await permitted(api, who, 'StartRecording', params.id);
      return recordReply(api, await changeLayout(api, row, body.layout));
    },
  }),
  route({
    ...{
      method: 'delete',
      path: '/recordings/{id}',
      summary: 'Delete a recording that is over, with its files',
      tag,
    },
    ...{ params: Id, reply: Done },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'DeleteRecording', params.id);
      if (!isOver(row.state))
        throw new ApiError('bad_input', `the recording is not over: it is ${row.state}; stop it first`);
      await removeFiles(api, row, row.files);
      return {};
    },
  }),
];

/** A user may list the recordings of a call that it may list them of; only a server may list those of all calls. */
async function checkQuery(
  api: Api,
  who: Principal,
  { call_type: type, call_id: id }: z.output<typeof Query>,
) {
  if (who.kind === 'server') return;
  if (type === undefined || id === undefined) return checkIsServer(who);
  const { call, grants } = await findCall(api, who.tenant, { type, id });
  checkPermission('ListRecordings', who, call, grants);
}

/** A recording of the sender's tenant. That of another one is told of as if there were none. */
async function permitted(
  api: Api,
  who: Principal,
  permission: Permission,
  id: string,
): Promise<RecordingRow> {
  const row = await api.store.recordings.get(who.tenant, id);
  if (row === null) throw new ApiError('not_found', `there is no recording "${id}"`);
  // A server may do everything, also after the call type was deleted.
  if (who.kind !== 'server') {
    const { call, grants } = await findCall(api, who.tenant, { type: row.callType, id: row.callId });
    checkPermission(permission, who, call, grants);
  }
  return currentRecording(api, row);
}

function recordReply(api: Api, row: RecordingRow): Record<string, unknown> {
  const { result } = row;
  return {
    ...{
      id: row.id,
      state: row.state,
      call_type: row.callType,
      call_id: row.callId,
      session_id: row.sessionId,
    },
    started_by: { kind: row.startedBy.kind, user_id: row.startedBy.userId },
    ...{ audio_only: row.audioOnly, quality: row.quality, layout: row.layout, storage: row.storage },
    created_at: new Date(row.createdAt),
    stop_requested_at: row.stopRequestedAt === null ? null : new Date(row.stopRequestedAt),
    ...{ started_at: row.startedAt, ended_at: result?.ended_at ?? null },
    ...{ end_reason: result?.end_reason ?? null, duration_s: result?.duration_s ?? null },
    ...{ warnings: result?.warnings ?? [], gaps: result?.gaps ?? [], error: result?.error ?? null },
    files: row.files.map((stored) => {
      const { file: _, error: __, ...told } = stored;
      return { ...told, url: fileLink(api, row, stored) };
    }),
  };
}
