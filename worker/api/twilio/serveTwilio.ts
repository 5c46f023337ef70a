import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { fileLink } from '../files/fileLink.ts';
import type { ApiContext } from '../http/context.ts';
import type { RequestLimits } from '../http/limitRequests.ts';
import { readText } from '../http/readableBody.ts';
import { type ApiApp, readInput } from '../http/routes.ts';
import { currentRecording } from '../recordings/currentRecording.ts';
import { removeFiles } from '../recordings/deleteFile.ts';
import { typeOrDefault } from '../recordings/findCall.ts';
import { pauseRecording } from '../recordings/pauseRecording.ts';
import { startRecording } from '../recordings/startRecording.ts';
import { runningRecording, stopThis } from '../recordings/stopRecording.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';
import { CallParams } from '../stream/requests.ts';
import { hooksIn, PauseForm } from './callbackRequest.ts';
import { checkAccount } from './checkAccount.ts';
import { Paging, timesIn } from './listRequest.ts';
import { BASE, recordingIdOf, recordingResource } from './recordingResource.ts';

/** The type of the calls that this API speaks of, where a tenant has it; otherwise they are of the default one. */
const TWILIO_TYPE = 'twilio';
/** Stands for the recording that a call has at the moment. */
const CURRENT = 'Twilio.CURRENT';
const ACCOUNT = `${BASE}/Accounts/:account`;

/** Answers Twilio's client on recordings: `RecordingStatusCallback`, on and off in mid-call, list, get and delete. */
export function serveTwilio(app: ApiApp, api: Api, limits: RequestLimits): void {
  app.use(`${ACCOUNT}/*`, checkAccount(api, limits));
  for (const path of [`${ACCOUNT}/Calls/:call/Recordings.json`, `${ACCOUNT}/Recordings.json`])
    app.get(path, async (c) => c.json(await list(api, c)));
  app.post(`${ACCOUNT}/Calls/:call/Recordings.json`, async (c) => c.json(await start(api, c), 201));
  for (const path of [`${ACCOUNT}/Calls/:call/Recordings/:name`, `${ACCOUNT}/Recordings/:name`]) {
    app.get(path, async (c) => {
      const { row, isResource } = await found(api, c);
      return isResource ? c.json(resource(api, c, row)) : handOut(api, c, row);
    });
    app.post(path, async (c) => c.json(await change(api, c)));
    app.delete(path, async (c) => {
      const { row } = await found(api, c);
      if (!isOver(row.state)) throw new ApiError('bad_input', 'the recording is not over; stop it first');
      await removeFiles(api, row, row.files);
      return c.body(null, 204);
    });
  }
}

async function start(api: Api, c: ApiContext): Promise<Record<string, unknown>> {
  const form = new URLSearchParams(await readText(c.req.raw, api.config.max_body_bytes));
  const hooks = hooksIn(form, c.req.param('account') ?? '');
  const call = await callOf(api, c);
  return resource(api, c, await startRecording(api, c.get('who'), { ...call, storage: null, hooks }));
}

async function change(api: Api, c: ApiContext): Promise<Record<string, unknown>> {
  const form = new URLSearchParams(await readText(c.req.raw, api.config.max_body_bytes));
  const { row } = await found(api, c);
  const status = form.get('Status');
  if (isOver(row.state)) throw new ApiError('bad_input', 'the recording is over');
  if (status === 'stopped') return { ...resource(api, c, await stopThis(api, row)), status };
  const { Status, PauseBehavior } = readInput(PauseForm, Object.fromEntries(form));
  const mode = Status === 'paused' ? PauseBehavior : null;
  return { ...resource(api, c, await pauseRecording(api, row, mode)), status };
}

async function list(api: Api, c: ApiContext): Promise<Record<string, unknown>> {
  const paging = readInput(Paging, c.req.query());
  const { PageSize: limit, PageToken: cursor, Page: page, CallSid: named } = paging;
  const callId = c.req.param('call') ?? named;
  const call = callId === undefined ? null : await callOf(api, c, callId);
  const of = { callType: call?.type, callId, ...timesIn(paging) };
  const { tenant } = c.get('who');
  const { recordings, next } = await api.store.recordings.list(tenant, { ...of, limit, cursor });
  const rows = await Promise.all(recordings.map((row) => currentRecording(api, row)));
  const following = new URLSearchParams({ ...c.req.query(), Page: String(page + 1), PageToken: next ?? '' });
  return {
    ...{ recordings: rows.map((row) => resource(api, c, row)), page, page_size: limit, start: page * limit },
    ...{
      end: page * limit + Math.max(0, rows.length - 1),
      uri: c.req.path,
      first_page_uri: `${c.req.path}?PageSize=${limit}`,
    },
    ...{ next_page_uri: next === null ? null : `${c.req.path}?${following}`, previous_page_uri: null },
  };
}

/** The recording that the last part of the path names, and whether its resource is asked for, or its file. */
async function found(api: Api, c: ApiContext): Promise<{ row: RecordingRow; isResource: boolean }> {
  const [, sid = '', ending] = /^(Twilio\.CURRENT|[^.]*)(\.\w+)?$/.exec(c.req.param('name') ?? '') ?? [];
  const { tenant } = c.get('who');
  const call = c.req.param('call') === undefined ? null : await callOf(api, c);
  const row =
    sid === CURRENT && call
      ? await runningRecording(api, tenant, call)
      : await api.store.recordings.get(tenant, recordingIdOf(sid));
  if (row === null || (call && row.callId !== call.id))
    throw new ApiError('not_found', `there is no recording "${sid}"`);
  return { row: await currentRecording(api, row), isResource: ending === '.json' };
}

async function callOf(api: Api, c: ApiContext, named?: string): Promise<{ type: string; id: string }> {
  const type = await typeOrDefault(api, c.get('who').tenant, TWILIO_TYPE);
  return readInput(CallParams, { type, id: named ?? c.req.param('call') });
}

function handOut(api: Api, c: ApiContext, row: RecordingRow): Response {
  const [file] = row.files;
  if (file === undefined) throw new ApiError('not_found', 'the recording has no file, or none yet');
  return c.redirect(fileLink(api, row, file), 302);
}

function resource(api: Api, c: ApiContext, row: RecordingRow): Record<string, unknown> {
  return recordingResource(api, c.req.param('account') ?? '', row);
}
