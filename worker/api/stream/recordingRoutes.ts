import type { z } from '@hono/zod-openapi';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import type { Principal } from '../auth/principal.ts';
import { fileLink } from '../files/fileLink.ts';
import { route } from '../http/routes.ts';
import { deleteFile } from '../recordings/deleteFile.ts';
import { type ListedFile, listFiles } from '../recordings/listFiles.ts';
import { startRecording } from '../recordings/startRecording.ts';
import { stopRecording } from '../recordings/stopRecording.ts';
import { Done, RecordingsReply } from './replies.ts';
import { CallParams, FileParams, KindParams, SessionParams, StartBody } from './requests.ts';

const CALL = '/call/{type}/{id}';
const tag = 'Recordings';

/** Start, stop, list and delete. */
export const recordingRoutes = [
  route({
    ...{ method: 'post', path: `${CALL}/start_recording`, summary: 'Start recording a call', tag },
    ...{ params: CallParams, body: StartBody, reply: Done },
    handle: (api, { who, params, body }) => start(api, who, params, body),
  }),
  route({
    ...{ method: 'post', path: `${CALL}/stop_recording`, summary: 'Stop recording a call', tag },
    ...{ params: CallParams, reply: Done },
    handle: async (api, { who, params }) => stop(api, who, params),
  }),
  route({
    ...{
      method: 'post',
      path: `${CALL}/recordings/{recording_type}/start`,
      summary: 'Start a recording',
      tag,
    },
    ...{ params: KindParams, body: StartBody, reply: Done },
    handle: async (api, { who, params, body }) => {
      refuseOtherKinds(params.recording_type);
      return start(api, who, params, body);
    },
  }),
  route({
    ...{ method: 'post', path: `${CALL}/recordings/{recording_type}/stop`, summary: 'Stop a recording', tag },
    ...{ params: KindParams, reply: Done },
    handle: async (api, { who, params }) => {
      refuseOtherKinds(params.recording_type);
      return stop(api, who, params);
    },
  }),
  ...(['start', 'stop'] as const).map((verb) =>
    route({
      ...{ method: 'post', path: `${CALL}/${verb}_frame_recording`, summary: 'Not built yet', tag },
      ...{ params: CallParams, reply: Done },
      handle: async () => refuseOtherKinds('frame'),
    }),
  ),
  route({
    ...{ method: 'get', path: `${CALL}/recordings`, summary: 'List the recordings of a call', tag },
    ...{ params: CallParams, reply: RecordingsReply },
    handle: async (api, { who, params }) => listed(api, await listFiles(api, who, params)),
  }),
  route({
    ...{
      method: 'get',
      path: `${CALL}/{session}/recordings`,
      summary: 'List the recordings of a session',
      tag,
    },
    ...{ params: SessionParams, reply: RecordingsReply },
    handle: async (api, { who, params }) => listed(api, await listFiles(api, who, params)),
  }),
  route({
    ...{
      method: 'delete',
      path: `${CALL}/{session}/recordings/{filename}`,
      summary: 'Delete a recording',
      tag,
    },
    ...{ params: FileParams, reply: Done },
    handle: async (api, { who, params }) => {
      await deleteFile(api, who, params);
      return {};
    },
  }),
];

async function start(
  api: Api,
  who: Principal,
  { type, id }: z.output<typeof CallParams>,
  { recording_external_storage: storage }: z.output<typeof StartBody>,
) {
  await startRecording(api, who, { type, id, storage: storage ?? null });
  return {};
}

async function stop(api: Api, who: Principal, call: z.output<typeof CallParams>) {
  await stopRecording(api, who, call);
  return {};
}

function refuseOtherKinds(kind: string): Record<string, never> {
  if (kind === 'composite' || kind === 'undefined') return {};
  throw new ApiError('not_built', `recordings of the kind "${kind}" are not built yet; "composite" is`);
}

function listed(api: Api, files: readonly ListedFile[]): Record<string, unknown> {
  return { recordings: files.map((listedFile) => recordingReply(api, listedFile)) };
}

/** A file as the API tells of it. */
export function recordingReply(api: Api, { recording, file }: ListedFile): Record<string, unknown> {
  const endedAt = recording.result?.ended_at;
  return {
    filename: file.filename,
    url: fileLink(api, recording, file),
    start_time: new Date(recording.startedAt ?? recording.createdAt),
    end_time: new Date(endedAt ?? recording.createdAt),
    session_id: recording.sessionId,
    recording_type: 'composite',
  };
}
