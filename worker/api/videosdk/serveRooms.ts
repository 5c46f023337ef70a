import type { z } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { verifyToken } from '../auth/authenticate.ts';
import { ownerOfKey } from '../auth/ownerOfKey.ts';
import { serverWith } from '../auth/principal.ts';
import { tokenIn, unverifiedClaim } from '../auth/readToken.ts';
import { fileLink } from '../files/fileLink.ts';
import { checkSenderBy } from '../http/checkSender.ts';
import type { ApiContext, ApiEnv } from '../http/context.ts';
import type { RequestLimits } from '../http/limitRequests.ts';
import { readableBody } from '../http/readableBody.ts';
import { type ApiApp, jsonBody, readInput } from '../http/routes.ts';
import { currentRecording } from '../recordings/currentRecording.ts';
import { removeFiles } from '../recordings/deleteFile.ts';
import { typeOrDefault } from '../recordings/findCall.ts';
import { startRecording } from '../recordings/startRecording.ts';
import { stopRecording } from '../recordings/stopRecording.ts';
import { isOver, type RecordingRow } from '../store/rows.ts';
import { CallParams } from '../stream/requests.ts';
import {
  addressOf,
  EndRoom,
  ListRooms,
  refuseNotBuilt,
  StartRoom,
  settingsOf,
  transcriptOf,
} from './roomRequest.ts';

/** The type of the calls that this API calls rooms, where a tenant has it; otherwise they are of the default one. */
const ROOM_TYPE = 'videosdk';
const RECORDINGS = '/v2/recordings';
/** Pages are numbered, so all that come before one are looked at. */
const MOST_LISTED = 1_000;
const NO_JWT = 'the header Authorization must hold a JWT signed with HS256';

/** Answers VideoSDK's clients on recordings of rooms: start, end, list, get and delete. */
export function serveRooms(app: ApiApp, api: Api, limits: RequestLimits): void {
  app.get('/v2/public/rsa-public-key', async (c) =>
    c.json({ publicKey: (await api.store.signingKey()).publicKey }),
  );
  for (const path of [RECORDINGS, `${RECORDINGS}/*`])
    app.use(path, checkToken(api, limits), readableBody(api.config.max_body_bytes));
  app.post(`${RECORDINGS}/start`, async (c) => {
    await start(api, c, readInput(StartRoom, await jsonBody(c)));
    return c.json('Recording started successfully');
  });
  for (const verb of ['end', 'stop'])
    app.post(`${RECORDINGS}/${verb}`, async (c) => {
      const { roomId } = readInput(EndRoom, await jsonBody(c));
      await stopRecording(api, c.get('who'), await callOf(api, c, roomId));
      return c.json('Recording stopped successfully');
    });
  for (const kind of ['participant', 'track', 'composite', 'merge'])
    for (const path of [`${RECORDINGS}/${kind}`, `${RECORDINGS}/${kind}/*`])
      app.all(path, () => {
        throw new ApiError('not_built', `not built yet: recordings of the kind "${kind}"`);
      });
  app.get(RECORDINGS, async (c) => {
    const { pageInfo, rows } = await list(api, c, readInput(ListRooms, c.req.query()));
    return c.json({ pageInfo, data: rows.map((row) => item(api, row)) });
  });
  app.get(`${RECORDINGS}/:id`, async (c) => c.json(item(api, await found(api, c))));
  app.delete(`${RECORDINGS}/:id`, async (c) => {
    const row = await found(api, c);
    if (!isOver(row.state)) throw new ApiError('bad_input', 'the recording is not over; end it first');
    await removeFiles(api, row, row.files);
    return c.json('Recording deleted successfully');
  });
}

/**
 * Says who sends a request: the token names the API key in the claim `apikey` and is signed with its secret. Where it has
 * roles, it must have `crawler`; where it is for one room, it is for no other. Throws an ApiError.
 */
export function checkToken({ config, nowUnixMs }: Api, limits: RequestLimits): MiddlewareHandler<ApiEnv> {
  return checkSenderBy(limits, async (c) => {
    const token = tokenIn(c.req.header('authorization'));
    const apiKey = String(unverifiedClaim(token, 'apikey', NO_JWT) ?? '');
    const owner = ownerOfKey(config.tenants, apiKey);
    if (owner === null)
      throw new ApiError('bad_key', 'the claim apikey of the token is no API key that is known here');
    const now = new Date(nowUnixMs());
    const claims = await verifyToken(token, owner.secret, config.clock_leeway_s, now);
    const roles = Array.isArray(claims.roles) ? claims.roles.map((role) => String(role).toLowerCase()) : [];
    if (roles.length > 0 && !roles.includes('crawler'))
      throw new ApiError('not_allowed', 'the token has no role "crawler": it is for joining rooms');
    c.set('room', typeof claims.roomId === 'string' ? claims.roomId : null);
    return serverWith(owner.tenant, apiKey);
  });
}

async function start(api: Api, c: ApiContext, asked: StartRoom): Promise<void> {
  refuseNotBuilt(asked);
  const { webhookUrl: url, awsDirPath } = asked;
  const call = await callOf(api, c, asked.roomId);
  const hooks = url ? [{ kind: 'videosdk', url } as const] : [];
  const address = addressOf(asked);
  if (address !== null) await api.checkAddress(new URL(address).origin);
  // An address is for one file, wherever that is; there is no folder to choose.
  const where = address === null ? { folder: awsDirPath ?? '' } : { presignedUrl: address };
  const transcript = transcriptOf(asked);
  const more = { ...where, ...(transcript && { transcript }) };
  const given = { ...call, storage: null, hooks, override: settingsOf(asked), ...more };
  await startRecording(api, c.get('who'), given);
}

/** A page of the recordings that `isListed`, the newest first. */
export async function list(
  api: Api,
  c: ApiContext,
  { roomId, sessionId, page, perPage }: z.output<typeof ListRooms>,
  isListed: (row: RecordingRow) => boolean = () => true,
) {
  const { tenant } = c.get('who');
  const only = roomId ?? c.get('room') ?? undefined;
  const call = only === undefined ? null : await callOf(api, c, only);
  const query = { callType: call?.type, callId: only, sessionId, limit: MOST_LISTED };
  const recordings = (await api.store.recordings.list(tenant, query)).recordings.filter(isListed);
  const shown = recordings.slice((page - 1) * perPage, page * perPage);
  const rows = await Promise.all(shown.map((row) => currentRecording(api, row)));
  const lastPage = Math.max(1, Math.ceil(recordings.length / perPage));
  return {
    pageInfo: { currentPage: page, perPage, lastPage, total: recordings.length },
    rows,
  };
}

/** The recording that the path names, as far as the token is for it. Throws not_found. */
export async function found(api: Api, c: ApiContext): Promise<RecordingRow> {
  const id = c.req.param('id') ?? '';
  const row = await api.store.recordings.get(c.get('who').tenant, id);
  const room = c.get('room');
  if (row === null || (room !== null && row.callId !== room))
    throw new ApiError('not_found', `there is no recording "${id.slice(0, 100)}"`);
  return currentRecording(api, row);
}

async function callOf(api: Api, c: ApiContext, roomId: string): Promise<{ type: string; id: string }> {
  const room = c.get('room');
  if (room !== null && room !== roomId) throw new ApiError('not_allowed', 'the token is for another room');
  const type = await typeOrDefault(api, c.get('who').tenant, ROOM_TYPE);
  return readInput(CallParams, { type, id: roomId });
}

function item(api: Api, row: RecordingRow): Record<string, unknown> {
  const [file] = row.files;
  return {
    ...{ id: row.id, roomId: row.callId, sessionId: row.sessionId, status: row.state },
    ...{
      start: row.startedAt ?? new Date(row.createdAt).toISOString(),
      end: row.result?.ended_at ?? null,
    },
    file: file
      ? {
          ...{ fileUrl: fileLink(api, row, file), filePath: `/${file.filename}`, size: file.size_bytes },
          ...{ type: 'video', meta: { format: file.media_type, duration: file.duration_s } },
        }
      : null,
  };
}
