import { randomUUID } from 'node:crypto';
import { upgradeWebSocket } from '@hono/node-server';
import type { WSContext } from 'hono/ws';
import { decodeJwt } from 'jose';
import { messageOf } from '../../recordingError.ts';
import type { Api, StreamedEvent } from '../api.ts';
import { ApiError } from '../apiError.ts';
import { authenticate } from '../auth/authenticate.ts';
import { isAllowed } from '../auth/permissions.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiApp } from '../http/routes.ts';
import { type FoundCall, findCall } from '../recordings/findCall.ts';
import { cidOf, type RecordingRow } from '../store/rows.ts';
import { written } from '../stream/family.ts';
import { callEvents } from './callEvents.ts';
import { recordingOf } from './deliveriesOf.ts';
import { createStreamLimits, type StreamLimits } from './streamLimits.ts';

/** Whoever connects says within this time who they are, as clients do at once. */
const TOKEN_LIMIT_MS = 10_000;
/** Clients expect to hear something within 35 s. */
const HEALTH_MS = 25_000;
/** A timer cannot wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const POLICY = 1008;

interface Connection {
  readonly id: string;
  readonly who: Principal;
  readonly socket: WSContext;
}

export interface Connections {
  /** Tells an event to those who are connected to this server and may hear of its call. */
  onEvent(streamed: StreamedEvent): Promise<void>;
}

/**
 * People connected by WebSocket, as the video clients do: they send their token, hear `connection.ok`, and then the
 * events of calls that they are members of, or have asked for over this connection, and may read. Servers hear of all calls
 * of their tenant.
 */
export function serveConnections(app: ApiApp, api: Api): Connections {
  const connections = new Map<string, Connection>();
  const limits = createStreamLimits();
  for (const path of ['/video/connect', '/api/v2/connect'])
    app.get(
      path,
      upgradeWebSocket((c) => connection(api, { connections, limits }, c.req.query('api_key'))),
    );
  return {
    onEvent: async ({ event }) => {
      if (connections.size === 0) return;
      const row = await recordingOf(api, event);
      if (row === null) return;
      const texts = callEvents(api, row, event).map((one) =>
        JSON.stringify(written(one, (time) => time.toISOString())),
      );
      if (texts.length === 0) return;
      const found = await foundCall(api, row);
      for (const { socket } of await hearers(api, [...connections.values()], row, found))
        for (const text of texts) socket.send(text);
    },
  };
}

function connection(
  api: Api,
  {
    connections,
    limits,
  }: { readonly connections: Map<string, Connection>; readonly limits: Pick<StreamLimits, 'enter'> },
  apiKey: string | undefined,
) {
  const id = randomUUID();
  const timers: NodeJS.Timeout[] = [];
  const close = (socket: WSContext, error: unknown) => {
    const { code, message } = error instanceof ApiError ? error : new ApiError('internal', messageOf(error));
    socket.send(
      JSON.stringify({
        type: 'connection.error',
        created_at: now(api),
        error: { code, message, StatusCode: 401 },
      }),
    );
    socket.close(POLICY, message.slice(0, 100));
  };
  const after = (ms: number, act: () => void) =>
    timers.push(setTimeout(act, Math.min(ms, LONGEST_TIMER_MS)).unref());
  let isRead = false;
  let isClosed = false;
  let counted: { leave(): void } | null = null;

  return {
    onOpen: (_: unknown, socket: WSContext) => {
      after(
        TOKEN_LIMIT_MS,
        () => isRead || close(socket, new ApiError('bad_token', 'no token came within 10 s')),
      );
    },
    onMessage: async ({ data }: { data: unknown }, socket: WSContext) => {
      if (isRead) {
        if (String(data).includes('health.check')) socket.send(String(data));
        return;
      }
      isRead = true;
      try {
        const token = tokenIn(data);
        const who = await authenticate(
          { apiKey, authorization: token, authType: 'jwt' },
          api.config,
          new Date(api.nowUnixMs()),
        );
        if (isClosed) return;
        counted = limits.enter(who);
        const { exp } = decodeJwt(token);
        if (exp !== undefined)
          after(exp * 1000 - api.nowUnixMs(), () =>
            close(socket, new ApiError('token_expired', 'the token has expired (exp)')),
          );
        const health = setInterval(
          () =>
            socket.send(JSON.stringify({ type: 'health.check', connection_id: id, created_at: now(api) })),
          HEALTH_MS,
        );
        timers.push(health.unref());
        connections.set(id, { id, who, socket });
        socket.send(JSON.stringify(hello(api, id, who)));
      } catch (error) {
        close(socket, error);
      }
    },
    onClose: () => {
      isClosed = true;
      connections.delete(id);
      counted?.leave();
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

function tokenIn(data: unknown): string {
  let read: { token?: unknown } | null = null;
  try {
    read = JSON.parse(String(data));
  } catch {
    // told below
  }
  if (typeof read?.token !== 'string')
    throw new ApiError('bad_token', 'the first message must be JSON with a token');
  return read.token;
}

function hello(api: Api, id: string, { userId, role }: Principal) {
  const times = { created_at: now(api), updated_at: now(api) };
  const user = {
    id: userId ?? 'server',
    role: role ?? 'user',
    name: '',
    image: '',
    custom: {},
    teams: [],
    language: '',
  };
  const me = {
    ...user,
    ...times,
    devices: [],
    banned: false,
    online: true,
    invisible: false,
    blocked_user_ids: [],
  };
  return { type: 'connection.ok', connection_id: id, created_at: times.created_at, me };
}

function foundCall(api: Api, { tenant, callType, callId }: RecordingRow): Promise<FoundCall | null> {
  return findCall(api, tenant, { type: callType, id: callId }).catch(() => null);
}

/**
 * Who of those connected may hear of a recording. `found` is its call; null if it is there no more. Redis is asked once,
 * however many they are: others wait for their events meanwhile.
 */
async function hearers(
  api: Api,
  connections: readonly Connection[],
  row: RecordingRow,
  found: FoundCall | null,
): Promise<Connection[]> {
  const sure: Connection[] = [];
  const asked: Connection[] = [];
  const members = new Set(found?.call.members.map(({ user_id }) => user_id));
  for (const one of connections) {
    const { who } = one;
    if (who.tenant !== row.tenant) continue;
    if (who.kind === 'server' || who.kind === 'viewer') sure.push(one);
    else if (found === null || !isAllowed('ReadCall', who, found.call, found.grants)) continue;
    else if (who.userId !== null && members.has(who.userId)) sure.push(one);
    else asked.push(one);
  }
  if (found === null || asked.length === 0) return sure;
  const ids = asked.map(({ id }) => id);
  const following = new Set(await api.store.watched.by(row.tenant, ids, cidOf(found.call)));
  return [...sure, ...asked.filter(({ id }) => following.has(id))];
}

function now(api: Api): string {
  return new Date(api.nowUnixMs()).toISOString();
}
