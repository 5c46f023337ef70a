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
import { type CallData, CallParams, GetOrCreateBody, UpdateCallBody } from './requests.ts';

const path = '/call/{type}/{id}';
const tag = 'Calls';

/** Calls: what is known of each, and the settings that it overrides. */
export const callRoutes = [
  route({
    ...{ method: 'get', path, summary: 'Get a call', tag, params: CallParams, reply: CallStateReply },
    handle: async (api, { who, params }) => {
      const found = await findCall(api, who.tenant, params);
      checkPermission('ReadCall', who, found.call, found.grants);
      if (!found.isKnown) throw new ApiError('not_found', `there is no call "${cidOf(params)}"`);
      return stateReply(api, who, found);
    },
  }),
  route({
    ...{ method: 'post', path, summary: 'Get a call, or create it', tag },
    ...{ params: CallParams, body: GetOrCreateBody, reply: CallStateReply },
    handle: async (api, { who, params, body }) => {
      const found = await findCall(api, who.tenant, params);
      checkPermission('CreateCall', who, found.call, found.grants);
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
    custom: { ...call.custom, ...data.custom },
    startsAt: startsAt == null ? call.startsAt : readTime(startsAt),
  };
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
