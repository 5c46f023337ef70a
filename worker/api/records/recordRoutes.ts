import { z } from '@hono/zod-openapi';
import { Recording, RecordingPage, RecordingWithEvents } from '../../../shared/api/recordingReply.ts';
import {
  ListQuery,
  PauseRecording,
  RecordingChange,
  RecordingParams,
} from '../../../shared/api/recordingRequests.ts';
import { StartRecording } from '../../../shared/api/startRecording.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkIsServer, checkPermission, checkSeesTenant } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { lookAtOpen } from '../followOpen.ts';
import { route } from '../http/routes.ts';
import { changeLayout } from '../recordings/changeLayout.ts';
import { currentRecording } from '../recordings/currentRecording.ts';
import { removeFiles } from '../recordings/deleteFile.ts';
import { findCall } from '../recordings/findCall.ts';
import { pauseRecording } from '../recordings/pauseRecording.ts';
import { permitted } from '../recordings/permitted.ts';
import { startRecording } from '../recordings/startRecording.ts';
import { stopThis } from '../recordings/stopRecording.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';
import { Done } from '../stream/replies.ts';
import { recordReplies, recordReply } from './recordReply.ts';

const tag = 'Records';
const duration = z.string();
const Reply = Recording.extend({ duration });

/** The records of recordings: our own paths, which tell more than those of other vendors. */
export const recordRoutes = [
  route({
    ...{ method: 'get', path: '/recordings', summary: 'List recordings, the newest first', tag },
    ...{ query: ListQuery, reply: RecordingPage.extend({ duration }) },
    handle: async (api, { who, query }) => {
      await checkQuery(api, who, query);
      // States are looked for as they were last written.
      if (query.state !== undefined) await lookAtOpen(api, who.tenant);
      const {
        from,
        until,
        call_type: callType,
        call_id: callId,
        session_id: sessionId,
        state,
        ...others
      } = query;
      const times = { from: from && Date.parse(from), until: until && Date.parse(until) };
      const asked = { ...others, states: state?.split(','), callType, callId, sessionId, ...times } as never;
      const page = await api.store.recordings.list(who.tenant, asked);
      const rows = await Promise.all(page.recordings.map((row) => currentRecording(api, row)));
      return { recordings: await recordReplies(api, rows), next: page.next };
    },
  }),
  route({
    ...{ method: 'post', path: '/recordings', summary: 'Start the recording of a call', tag },
    ...{ body: StartRecording, reply: Reply },
    handle: async (api, { who, body }) => {
      const { call_type: type, call_id: id, storage, source, audio_only, quality, layout } = body;
      if (source != null) checkIsServer(who);
      const override = { recording: { audio_only, quality, layout } };
      const request = { type, id, storage: storage ?? null, override, source: source ?? null };
      return recordReply(api, await startRecording(api, who, request));
    },
  }),
  route({
    ...{ method: 'get', path: '/recordings/{id}', summary: 'Get a recording with its events', tag },
    ...{ params: RecordingParams, reply: RecordingWithEvents.extend({ duration }) },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'ListRecordings', params.id);
      return { ...(await recordReply(api, row)), events: await api.queue.events(row.id) };
    },
  }),
  route({
    ...{ method: 'get', path: '/recordings/{id}/picture', summary: 'See what a recording shows now', tag },
    ...{ params: RecordingParams, reply: z.string().openapi({ format: 'binary' }), replyType: 'image/jpeg' },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'ListRecordings', params.id);
      const jpeg = row.state === 'recording' && !row.audioOnly ? await api.queue.picture(row.id) : null;
      if (jpeg === null) throw new ApiError('not_found', whyNoPicture(row));
      const headers = { 'content-type': 'image/jpeg', 'cache-control': 'no-store' };
      return new Response(Buffer.from(jpeg), { headers });
    },
  }),
  route({
    ...{ method: 'post', path: '/recordings/{id}/stop', summary: 'End a recording and store it', tag },
    ...{ params: RecordingParams, reply: Reply },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'StopRecording', params.id);
      if (isOver(row.state)) throw new ApiError('bad_input', `the recording is over: it is ${row.state}`);
      return recordReply(api, await stopThis(api, row));
    },
  }),
  route({
    ...{ method: 'post', path: '/recordings/{id}/pause', summary: 'Pause a recording', tag },
    ...{ params: RecordingParams, body: PauseRecording, reply: Reply },
    handle: async (api, { who, params, body }) => {
      const row = await permitted(api, who, 'StopRecording', params.id);
      return await recordReply(api, await pauseRecording(api, row, body.mode));
    },
  }),
  route({
    ...{ method: 'post', path: '/recordings/{id}/resume', summary: 'Let a paused recording go on', tag },
    ...{ params: RecordingParams, reply: Reply },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'StartRecording', params.id);
      return await recordReply(api, await pauseRecording(api, row, null));
    },
  }),
  route({
    ...{
      method: 'patch',
      path: '/recordings/{id}',
      summary: 'Change the layout of a running recording',
      tag,
    },
    ...{ params: RecordingParams, body: RecordingChange, reply: Reply },
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
    ...{ params: RecordingParams, reply: Done },
    handle: async (api, { who, params }) => {
      const row = await permitted(api, who, 'DeleteRecording', params.id);
      if (!isOver(row.state))
        throw new ApiError('bad_input', `the recording is not over: it is ${row.state}; stop it first`);
      await removeFiles(api, row, row.files);
      return {};
    },
  }),
];

/** A user may list the recordings of a call that it may list them of; only a server or a viewer may list those of all calls. */
async function checkQuery(
  api: Api,
  who: Principal,
  { call_type: type, call_id: id }: z.output<typeof ListQuery>,
) {
  if (who.kind === 'server' || who.kind === 'viewer') return;
  if (type === undefined || id === undefined) return checkSeesTenant(who);
  const { call, grants } = await findCall(api, who.tenant, { type, id });
  checkPermission('ListRecordings', who, call, grants);
}

function whyNoPicture({ state, audioOnly }: RecordingRow): string {
  if (audioOnly) return 'there is no picture: only sound is recorded';
  if (state !== 'recording') return `there is no picture: the recording is ${state}`;
  return 'there is no picture yet, or the worker does not answer';
}
