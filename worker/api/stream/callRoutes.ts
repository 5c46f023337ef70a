import type { z } from '@hono/zod-openapi';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { capabilitiesOf, checkPermission } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import { route } from '../http/routes.ts';
import { changeSettings } from '../recordings/callSettings.ts';
import { type FoundCall, findCall, newCall } from '../recordings/findCall.ts';
import { runningRecording } from '../recordings/stopRecording.ts';
import { type CallRow, cidOf } from '../store/rows.ts';
import { callReply, memberReply } from './callReply.ts';
import { CallStateReply } from './replies.ts';
import {
  type CallData,
  CallParams,
  GetOrCreateBody,
  isTooLong,
  LONGEST_CUSTOM,
  UpdateCallBody,
  Watching,
} from './requests.ts';

const path = '/call/{type}/{id}';
const tag = 'Calls';

/** Calls: what is known of each, and the settings that it overrides. */
export const callRoutes = [
  route({
    ...{ method: 'get', path, summary: 'Get a call', tag, params: CallParams, reply: CallStateReply },
    query: Watching,
    handle: async (api, { who, params, query }) => {
      const found = await findCall(api, who.tenant, params);
      checkPermission('ReadCall', who, found.call, found.grants);
      if (!found.isKnown) throw new ApiError('not_found', `there is no call "${cidOf(params)}"`);
      await watch(api, who, params, query);
      return stateReply(api, who, found);
    },
  }),
  route({
    ...{ method: 'post', path, summary: 'Get a call, or create it', tag },
    ...{ params: CallParams, query: Watching, body: GetOrCreateBody, reply: CallStateReply },
    handle: async (api, { who, params, query, body }) => {
      const found = await findCall(api, who.tenant, params);
      checkPermission('CreateCall', who, found.call, found.grants);
      await watch(api, who, params, query);
      const data = body.data ?? {};
      // Whoever could choose the members and the settings of a call could grant everything to itself.
      if (data.settings_override || data.members?.length)
        checkPermission('UpdateCall', who, found.call, found.grants);
      const now = api.nowUnixMs();
      const call = await api.store.calls.update(who.tenant, cidOf(params), (before) =>
        before === null ? created(newCall(params, now), data, who) : joined(before, data, now),
      );
      return { created: !found.isKnown, ...(await stateReply(api, who, { ...found, call })) };
    },
  }),
  route({
    ...{ method: 'patch', path, summary: 'Change a call, above all the settings that it overrides', tag },
    ...{ params: CallParams, body: UpdateCallBody, reply: CallStateReply },
    handle: async (api, { who, params, body }) => {
      const found = await findCall(api, who.tenant, params);
      checkPermission('UpdateCall', who, found.call, found.grants);
      const now = api.nowUnixMs();
      const call = await api.store.calls.update(who.tenant, cidOf(params), (before) =>
        changed(before ?? newCall(params, now), body, now),
      );
      return stateReply(api, who, { ...found, call });
    },
  }),
];

/** Whoever asks for a call over a connection hears of it there from then on. */
async function watch(
  api: Api,
  { tenant }: Principal,
  call: z.output<typeof CallParams>,
  { connection_id: id }: z.output<typeof Watching>,
) {
  if (id !== undefined) await api.store.watched.add(tenant, id, cidOf(call));
}

function created(call: CallRow, data: CallData, who: Principal): CallRow {
  const named = data.created_by_id ?? data.created_by?.id ?? null;
  const createdBy = who.kind === 'user' ? who.userId : named;
  return { ...withMembers(changed(call, data, call.createdAt), data, call.createdAt), createdBy };
}

/** A call that is there already keeps its settings; members who are new come to it. */
function joined(call: CallRow, data: CallData, now: number): CallRow {
  return data.members?.length ? withMembers(call, data, now) : call;
}

function changed(call: CallRow, data: Partial<CallData>, now: number): CallRow {
  const { starts_at: startsAt } = data;
  return {
    ...call,
    updatedAt: now,
    settingsOverride: changeSettings(call.settingsOverride, data.settings_override),
    custom: mergedCustom(call, data),
    startsAt: startsAt == null ? call.startsAt : readTime(startsAt),
  };
}

/** Each change may add to it, and the whole is read with every request about the call. */
function mergedCustom(call: CallRow, { custom }: Partial<CallData>): CallRow['custom'] {
  const merged = { ...call.custom, ...custom };
  if (isTooLong(merged))
    throw new ApiError(
      'bad_input',
      `custom: has more than ${LONGEST_CUSTOM} characters of JSON together with what the call has already`,
    );
  return merged;
}

/** Clients write RFC 3339, or Unix nanoseconds. */
function readTime(given: string | number): number {
  return typeof given === 'string' ? Date.parse(given) : Math.round(given / 1_000_000);
}

function withMembers(call: CallRow, { members }: CallData, now: number): CallRow {
  const given = (members ?? []).map(({ user_id, role, custom }) => ({
    ...{ user_id, role: role || 'user', custom: custom ?? {}, createdAt: now },
  }));
  const names = new Set(given.map(({ user_id }) => user_id));
  return { ...call, members: [...call.members.filter(({ user_id }) => !names.has(user_id)), ...given] };
}

async function stateReply(api: Api, who: Principal, found: FoundCall): Promise<Record<string, unknown>> {
  const running = await runningRecording(api, who.tenant, found.call);
  return {
    call: callReply(found, running),
    members: found.call.members.map(memberReply),
    own_capabilities: capabilitiesOf(who, found.call, found.grants),
  };
}
