import { randomUUID } from 'node:crypto';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import type { Principal } from '../auth/principal.ts';
import type { RequestLimits } from '../http/limitRequests.ts';
import { readableBody } from '../http/readableBody.ts';
import { type ApiApp, jsonBody, readInput } from '../http/routes.ts';
import { changeLayout } from '../recordings/changeLayout.ts';
import { currentRecording } from '../recordings/currentRecording.ts';
import { tenantOf } from '../recordings/findCall.ts';
import { putOnQueue } from '../recordings/startRecording.ts';
import { stopThis } from '../recordings/stopRecording.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';
import { checkEgressSender } from './checkEgressSender.ts';
import { egressInfo, recordingIdOf } from './egressInfo.ts';
import {
  EGRESS_TYPE,
  egressJob,
  egressStorage,
  fileOf,
  layoutChangeOf,
  refuseNotBuilt,
  tellTemplate,
} from './egressJob.ts';
import {
  EgressId,
  ListEgress,
  NewLayout,
  RoomComposite,
  type StartEgress,
  WebEgress,
  withJsonNames,
} from './egressRequest.ts';

const MOST_LISTED = 1_000;

type Method = (api: Api, who: Principal, body: unknown) => Promise<Record<string, unknown>>;

/** The methods of LiveKit's Egress service. */
const METHODS: Readonly<Record<string, Method>> = {
  StartRoomCompositeEgress: async (api, who, body) =>
    start(api, who, 'roomComposite', readInput(RoomComposite, body)),
  StartWebEgress: async (api, who, body) => start(api, who, 'web', readInput(WebEgress, body)),
  UpdateLayout: async (api, who, body) => {
    const { egressId, layout } = readInput(NewLayout, body);
    const row = await found(api, who, egressId);
    if (row === null) throw new ApiError('not_found', `there is no egress "${egressId}"`);
    if (isOver(row.state)) throw new ApiError('failed_precondition', `the egress "${egressId}" is over`);
    const isTemplate = Boolean(row.egress?.request.customBaseUrl);
    await changeLayout(api, row, layoutChangeOf(row, layout), !isTemplate);
    if (isTemplate) await tellTemplate(api, row, layout);
    const { tenant, id } = row;
    const noted = await api.store.recordings.update(tenant, id, (before) => withLayout(before, layout));
    return egressInfo(api, noted ?? row);
  },
  StopEgress: async (api, who, body) => {
    const { egressId } = readInput(EgressId, body);
    const row = await found(api, who, egressId);
    if (row === null) throw new ApiError('not_found', `there is no egress "${egressId}"`);
    if (isOver(row.state)) throw new ApiError('failed_precondition', `the egress "${egressId}" is over`);
    return egressInfo(api, await stopThis(api, row));
  },
  ListEgress: async (api, who, body) => {
    const { roomName, egressId, active } = readInput(ListEgress, body);
    const one = egressId ? await found(api, who, egressId) : null;
    const rows = egressId ? [one].filter((row) => row !== null) : await listed(api, who, roomName);
    const shown = rows.filter(
      (row) => (!active || !isOver(row.state)) && (!roomName || row.egress?.roomName === roomName),
    );
    return { items: shown.map((row) => egressInfo(api, row)) };
  },
};

/** Answers LiveKit's EgressClient, which speaks Twirp: every method is a POST of JSON. */
export function serveEgress(app: ApiApp, api: Api, limits: RequestLimits): void {
  app.use('/twirp/*', checkEgressSender(api, limits), readableBody(api.config.max_body_bytes));
  app.post('/twirp/livekit.Egress/:method', async (c) => {
    const name = c.req.param('method');
    const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
    if (method === undefined) throw new ApiError('not_built', `not built yet: ${name}`);
    return c.json(await method(api, c.get('who'), withJsonNames(await jsonBody(c))));
  });
}

async function start(api: Api, who: Principal, kind: 'roomComposite' | 'web', asked: StartEgress) {
  refuseNotBuilt(asked);
  const id = randomUUID();
  const room = 'roomName' in asked ? String(asked.roomName) : '';
  const [quality] = asked.preset;
  const row: RecordingRow = {
    ...{ id, tenant: who.tenant, callType: EGRESS_TYPE, callId: room || id, sessionId: randomUUID() },
    ...{ startedBy: { kind: 'server', userId: null }, storage: null, createdAt: api.nowUnixMs() },
    ...{ stopRequestedAt: null, state: 'queued', audioOnly: asked.audioOnly, quality },
    layout: 'layout' in asked ? String(asked.layout) : '',
    hooks: asked.webhooks.map(({ url, signingKey }) => hookOf(who, api, url, signingKey)),
    ...{ result: null, startedAt: null, files: [] },
    ...{ egress: { kind, roomName: room, request: toldOf(asked) } },
  };
  const storage = await egressStorage(api, row, fileOf(asked) as never);
  const stored = { ...row, storage: storage.name };
  const job = await egressJob(api, stored, asked, storage.wire);
  await api.store.recordings.add(stored);
  await putOnQueue(api, stored, job);
  return egressInfo(api, stored);
}

/** Answers repeat what was asked for last. */
function withLayout(row: RecordingRow, layout: string): RecordingRow {
  return row.egress === null
    ? row
    : { ...row, egress: { ...row.egress, request: { ...row.egress.request, layout } } };
}

/** A webhook is signed with the API key that it names, or with that of the request. */
function hookOf({ tenant, apiKey }: Principal, api: Api, url: string, signingKey: string) {
  const account = signingKey || apiKey;
  if (!Object.hasOwn(tenantOf(api, tenant).api_keys, account))
    throw new ApiError('bad_input', `webhooks: signingKey "${account}" is no API key of yours`);
  return { kind: 'livekit', url, account } as const;
}

/** The part of a request that answers repeat: nothing of outputs, which hold keys. */
function toldOf({ audioOnly, ...asked }: StartEgress): Record<string, unknown> {
  const { url, roomName, layout, customBaseUrl } = asked as Record<string, unknown>;
  const told = { url, roomName, layout, customBaseUrl, audioOnly };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}

async function found(api: Api, { tenant }: Principal, egressId: string): Promise<RecordingRow | null> {
  const row = await api.store.recordings.get(tenant, recordingIdOf(egressId));
  return row?.egress ? currentRecording(api, row) : null;
}

async function listed(api: Api, { tenant }: Principal, room: string): Promise<RecordingRow[]> {
  const of = { callType: EGRESS_TYPE, ...(room ? { callId: room } : {}) };
  const { recordings } = await api.store.recordings.list(tenant, { ...of, limit: MOST_LISTED });
  return Promise.all(recordings.map((row) => currentRecording(api, row)));
}
