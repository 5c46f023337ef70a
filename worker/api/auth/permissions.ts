import { ApiError } from '../apiError.ts';
import type { Grants } from '../config/callTypeSettings.ts';
import type { Principal } from './principal.ts';

/** What users may be granted, by the name of the permission, and how grants may write it. */
const PERMISSIONS = {
  StartRecording: ['start-record-call', 'StartRecording'],
  StopRecording: ['stop-record-call', 'StopRecording'],
  ListRecordings: ['list-recordings', 'ListRecordings'],
  DeleteRecording: ['delete-recording', 'DeleteRecording'],
  ReadCall: ['read-call', 'ReadCall'],
  CreateCall: ['create-call', 'CreateCall'],
  UpdateCall: ['update-call', 'update-call-settings', 'UpdateCall'],
} as const;

export type Permission = keyof typeof PERMISSIONS;

/** What changes nothing. */
const READING: readonly Permission[] = ['ListRecordings', 'ReadCall'];

const ALL = Object.values(PERMISSIONS).map(([name]) => name);

/** What each role may do where the call type grants nothing else. */
export const DEFAULT_GRANTS: Grants = {
  admin: ALL,
  moderator: ALL,
  host: ALL,
  'call-member': ['create-call', 'read-call', 'list-recordings'],
  user: ['create-call', 'read-call'],
};

/** A call, as far as permissions ask. */
export interface GuardedCall {
  readonly type: string;
  readonly id: string;
  readonly members: readonly { readonly user_id: string; readonly role: string }[];
}

/** Throws an ApiError unless the sender may do this to the call. */
export function checkPermission(
  permission: Permission,
  who: Principal,
  call: GuardedCall,
  grants: Grants,
): void {
  if (isAllowed(permission, who, call, grants)) return;
  throw new ApiError(
    'not_allowed',
    `${nameOf(who)} has no permission ${permission} on the call "${call.type}:${call.id}"`,
  );
}

function nameOf({ kind, userId }: Principal): string {
  if (kind === 'viewer') return 'a token of the role "viewer"';
  return kind === 'anonymous' ? 'an anonymous user' : `the user "${userId}"`;
}

/** Throws an ApiError unless the sender sees all of its tenant: call types and storages are not for users. */
export function checkSeesTenant(who: Principal): void {
  if (who.kind !== 'viewer') checkIsServer(who);
}

/** Throws an ApiError unless the sender is a server. */
export function checkIsServer(who: Principal): void {
  if (who.kind !== 'server')
    throw new ApiError('not_allowed', 'this needs the token of a server, without a user_id');
}

/** What the sender may do to a call, as grants name it. */
export function capabilitiesOf(who: Principal, call: GuardedCall, grants: Grants): string[] {
  const permissions = Object.keys(PERMISSIONS) as Permission[];
  return permissions.filter((one) => isAllowed(one, who, call, grants)).map((one) => PERMISSIONS[one][0]);
}

/** Whether the sender may do this to the call. */
export function isAllowed(
  permission: Permission,
  who: Principal,
  call: GuardedCall,
  grants: Grants,
): boolean {
  if (who.kind === 'server') return true;
  if (who.kind === 'viewer') return READING.includes(permission);
  if (who.kind === 'anonymous') return false;
  if (who.calls !== null && !who.calls.includes(`${call.type}:${call.id}`)) return false;
  const granted = rolesOf(who, call).flatMap(
    (role) => (Object.hasOwn(grants, role) ? grants[role] : []) ?? [],
  );
  return PERMISSIONS[permission].some((name) => granted.includes(name));
}

/** The role that the token names, or that of a user, and the role among the members of the call. */
function rolesOf({ userId, role }: Principal, { members }: GuardedCall): string[] {
  const member = members.find(({ user_id }) => user_id === userId);
  return [role ?? 'user', ...(member ? ['call-member', member.role] : [])];
}
