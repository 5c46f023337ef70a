import { messageOf } from '../../recordingError.ts';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { tokenIn, unverifiedClaim } from '../auth/readToken.ts';
import { addressOf } from '../http/checkSender.ts';
import type { RequestLimits } from '../http/limitRequests.ts';
import { readText } from '../http/readableBody.ts';
import type { ApiApp } from '../http/routes.ts';
import { endSession, recordSession } from '../recordings/recordSession.ts';
import { callsOfRoom, liveKitOrigins } from './callsOfRoom.ts';

/** Where LiveKit servers send their webhooks, followed by the name of the tenant. */
export const LIVEKIT_WEBHOOKS = '/webhooks/livekit';
/** How the recorders of this project are called in a room, as worker/call/ and the layout app name them. */
const OUR_RECORDERS = /^recorder-/;
const NO_JWT = 'the header Authorization must hold the JWT that LiveKit signs a webhook with';

/**
 * Hears from LiveKit servers who comes and which rooms end, and starts and ends the recordings of calls whose mode is
 * `auto-on`. A webhook that could not be heeded is answered with an error, so that the server sends it again.
 */
export function serveWebhooks(app: ApiApp, api: Api, limits: RequestLimits): void {
  app.post(`${LIVEKIT_WEBHOOKS}/:tenant`, async (c) => {
    const tenant = c.req.param('tenant');
    const body = await readText(c.req.raw, api.config.max_body_bytes);
    const authorization = tokenIn(c.req.header('authorization'));
    const read = await readWebhook(api, tenant, body, authorization).catch(async (error) => {
      await limits.countRefused(c, addressOf(c));
      throw error;
    });
    const { event, room, participant, origins } = read;
    if (room === null || room.sid === '') return c.json({});
    const isPerson = participant?.isPerson && !OUR_RECORDERS.test(participant.identity);
    const heed =
      event === 'participant_joined' && isPerson
        ? recordSession
        : event === 'room_finished'
          ? endSession
          : null;
    if (heed === null) return c.json({});
    for (const call of await callsOfRoom(api, tenant, origins, room.name))
      await heed(api, { tenant, ...call, session: room.sid });
    return c.json({});
  });
}

async function readWebhook(api: Api, tenant: string, body: string, authorization: string) {
  if (!Object.hasOwn(api.config.tenants, tenant))
    throw new ApiError('not_found', `there is no tenant "${tenant.slice(0, 64)}"`);
  const apiKey = unverifiedClaim(authorization, 'iss', NO_JWT);
  const origins = liveKitOrigins(api, tenant).filter((one) => one.api_key === apiKey);
  const [origin] = origins;
  if (!origin)
    throw new ApiError('bad_key', 'the webhook is signed with no key of a LiveKit server that is known here');
  const given = { body, authorization, apiKey: origin.api_key, apiSecret: origin.api_secret };
  const read = api.liveKitWebhook({ ...given, leewayS: api.config.clock_leeway_s });
  return {
    origins,
    ...(await read.catch((cause) => {
      throw new ApiError('bad_signature', `the webhook is refused: ${messageOf(cause)}`, { cause });
    })),
  };
}
