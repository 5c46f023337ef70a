import { CallId } from '../../../shared/api/callName.ts';
import type { Api } from '../api.ts';
import type { CallOrigin } from '../config/callOrigin.ts';
import { configuredNames, originOf, tenantOf } from '../recordings/findCall.ts';

export type LiveKitOrigin = Extract<CallOrigin, { kind: 'livekit' }>;

/** The LiveKit servers that the configuration of a tenant names. */
export function liveKitOrigins(api: Api, tenant: string): LiveKitOrigin[] {
  const { source, call_types: types } = tenantOf(api, tenant);
  const all = [source, ...Object.values(types).map((type) => type.source)];
  return all.filter((origin) => origin?.kind === 'livekit');
}

/**
 * The calls that a room of a LiveKit server may be, one for each call type whose `room` fits its name. `origins` are the
 * sources of that server.
 */
export async function callsOfRoom(
  api: Api,
  tenant: string,
  origins: readonly LiveKitOrigin[],
  room: string,
): Promise<{ readonly type: string; readonly id: string }[]> {
  const config = tenantOf(api, tenant);
  const stored = (await api.store.callTypes.list(tenant)).map(({ name }) => name);
  return [...new Set([...configuredNames(config), ...stored])].flatMap((type) => {
    const origin = origins.find((one) => one === originOf(config, type));
    const id = origin ? callIdOf(origin.room, type, room) : null;
    return id === null ? [] : [{ type, id }];
  });
}

/** The id of the call whose room has this name; null if the name does not fit, or if rooms are not named after calls. */
function callIdOf(template: string, type: string, room: string): string | null {
  let isFound = false;
  const pattern = template
    .split(/(\{call_type\}|\{call_id\})/)
    .map((part) => {
      if (part === '{call_type}') return escaped(type);
      if (part !== '{call_id}') return escaped(part);
      const group = isFound ? '\\k<id>' : '(?<id>.+)';
      isFound = true;
      return group;
    })
    .join('');
  const id = new RegExp(`^${pattern}$`, 's').exec(room)?.groups?.id;
  return id !== undefined && CallId.safeParse(id).success ? id : null;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
