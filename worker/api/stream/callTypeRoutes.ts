import type { z } from '@hono/zod-openapi';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { checkIsServer, checkSeesTenant, DEFAULT_GRANTS } from '../auth/permissions.ts';
import { route } from '../http/routes.ts';
import { changeSettings } from '../recordings/callSettings.ts';
import { chooseStorage } from '../recordings/chooseStorage.ts';
import { configuredNames, configuredType, findCallType, tenantOf } from '../recordings/findCall.ts';
import type { CallTypeRow } from '../store/rows.ts';
import { CallTypeReply, CallTypesReply, Done } from './replies.ts';
import { CallTypeBody, CallTypeParams, NewCallTypeBody } from './requests.ts';
import { settingsReply } from './settingsReply.ts';

const path = '/calltypes/{name}';
const tag = 'Call types';

/** Call types: settings and grants of all calls of a type. Only servers may read and change them. */
export const callTypeRoutes = [
  route({
    ...{ method: 'get', path: '/calltypes', summary: 'List the call types', tag, reply: CallTypesReply },
    handle: async (api, { who }) => {
      checkSeesTenant(who);
      const tenant = tenantOf(api, who.tenant);
      const configured = configuredNames(tenant).map((name) => configuredType(tenant, name) as CallTypeRow);
      const types = [...configured, ...(await api.store.callTypes.list(who.tenant))];
      return { call_types: Object.fromEntries(types.map((type) => [type.name, callTypeReply(type)])) };
    },
  }),
  route({
    ...{ method: 'post', path: '/calltypes', summary: 'Create a call type', tag },
    ...{ body: NewCallTypeBody, reply: CallTypeReply },
    handle: async (api, { who, body }) => {
      checkIsServer(who);
      await checkStorage(api, who.tenant, body.external_storage);
      const configured = configuredType(tenantOf(api, who.tenant), body.name);
      const row = await api.store.callTypes.update(who.tenant, body.name, (before) => {
        if (before ?? configured)
          throw new ApiError('bad_input', `there is a call type "${body.name}" already`);
        return changed(emptyType(body.name, api.nowUnixMs()), body, api.nowUnixMs());
      });
      return callTypeReply(row);
    },
  }),
  route({
    ...{ method: 'get', path, summary: 'Get a call type', tag, params: CallTypeParams, reply: CallTypeReply },
    handle: async (api, { who, params }) => {
      checkSeesTenant(who);
      return callTypeReply(await findCallType(api, who.tenant, params.name));
    },
  }),
  route({
    ...{ method: 'put', path, summary: 'Change a call type; what is not named stays', tag },
    ...{ params: CallTypeParams, body: CallTypeBody, reply: CallTypeReply },
    handle: async (api, { who, params, body }) => {
      checkIsServer(who);
      const now = await findCallType(api, who.tenant, params.name);
      await checkStorage(api, who.tenant, body.external_storage);
      const row = await api.store.callTypes.update(who.tenant, params.name, (before) =>
        changed(before ?? { ...now, createdAt: api.nowUnixMs() }, body, api.nowUnixMs()),
      );
      return callTypeReply(row);
    },
  }),
  route({
    ...{ method: 'delete', path, summary: 'Delete a call type', tag, params: CallTypeParams, reply: Done },
    handle: async (api, { who, params }) => {
      checkIsServer(who);
      const wasThere = await api.store.callTypes.remove(who.tenant, params.name);
      if (!wasThere && configuredType(tenantOf(api, who.tenant), params.name) !== null)
        throw new ApiError(
          'bad_input',
          `the call type "${params.name}" is part of the configuration of the server`,
        );
      if (!wasThere) throw new ApiError('not_found', `there is no call type "${params.name}"`);
      return {};
    },
  }),
];

async function checkStorage(api: Api, tenant: string, name: string | null | undefined): Promise<void> {
  await chooseStorage(api, tenant, [name]);
}

function emptyType(name: string, now: number): CallTypeRow {
  return {
    ...{ name, createdAt: now, updatedAt: now, settings: {}, grants: null },
    ...{ externalStorage: null, notificationSettings: {} },
  };
}

function changed(row: CallTypeRow, body: z.output<typeof CallTypeBody>, now: number): CallTypeRow {
  return {
    ...row,
    updatedAt: now,
    settings: changeSettings(row.settings, body.settings),
    grants: body.grants ?? row.grants,
    externalStorage: body.external_storage ?? row.externalStorage,
    notificationSettings: body.notification_settings ?? row.notificationSettings,
  };
}

function callTypeReply(row: CallTypeRow): Record<string, unknown> {
  return {
    ...{ name: row.name, settings: settingsReply(row.settings), grants: row.grants ?? DEFAULT_GRANTS },
    notification_settings: { enabled: false, ...row.notificationSettings },
    ...{ created_at: new Date(row.createdAt), updated_at: new Date(row.updatedAt) },
    ...(row.externalStorage !== null && { external_storage: row.externalStorage }),
  };
}
