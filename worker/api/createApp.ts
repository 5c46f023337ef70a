import { OpenAPIHono } from '@hono/zod-openapi';
import type { Hono } from 'hono';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { Api } from './api.ts';
import { ApiError } from './apiError.ts';
import { serveDashboard } from './dashboard/serveDashboard.ts';
import { appRoutes, deliveryRoutes } from './events/deliveryRoutes.ts';
import { type Connections, serveConnections } from './events/serveConnections.ts';
import { type EventStreams, serveEventStream } from './events/serveEventStream.ts';
import { FILES_PATH } from './files/fileLink.ts';
import { handOut } from './files/handOut.ts';
import { answerErrors } from './http/answerErrors.ts';
import { checkSender } from './http/checkSender.ts';
import type { ApiEnv } from './http/context.ts';
import type { RequestLimits } from './http/limitRequests.ts';
import { logRequests } from './http/logRequests.ts';
import { readableBody } from './http/readableBody.ts';
import { type ApiApp, addRoute, type Family, invalidInput, type Route } from './http/routes.ts';
import { serveEgress } from './livekit/serveEgress.ts';
import { serveWebhooks } from './livekit/serveWebhooks.ts';
import { serveDocument } from './openapi/serveDocument.ts';
import { servePages } from './pages/servePages.ts';
import { recordRoutes } from './records/recordRoutes.ts';
import { callRoutes } from './stream/callRoutes.ts';
import { callTypeRoutes } from './stream/callTypeRoutes.ts';
import { OURS, V1, V2, V2_WITHOUT_VIDEO } from './stream/family.ts';
import { recordingRoutes } from './stream/recordingRoutes.ts';
import { storageRoutes } from './stream/storageRoutes.ts';
import { serveTwilio } from './twilio/serveTwilio.ts';
import { serveRooms } from './videosdk/serveRooms.ts';
import { serveTranscripts } from './videosdk/serveTranscripts.ts';
import { workerRoutes } from './workers/workerRoutes.ts';

const HEADERS_OF_BROWSERS = [
  ...['authorization', 'content-type', 'stream-auth-type'],
  ...['x-client-request-id', 'x-stream-client', 'last-event-id'],
];
const READABLE_HEADERS = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'];

/** Which routes answer below which paths. */
const FAMILIES: readonly (readonly [Family, readonly Route[]])[] = [
  [V2, [...recordingRoutes, ...callRoutes, ...callTypeRoutes]],
  [V1, [...recordingRoutes, ...callRoutes, ...callTypeRoutes, ...storageRoutes]],
  [V2_WITHOUT_VIDEO, [...storageRoutes, ...appRoutes]],
  [OURS, [...recordRoutes, ...deliveryRoutes, ...workerRoutes]],
];

/** What people see in a browser. */
export interface ForPeople {
  /** The folder of the built layout app, with the console and the studio. */
  readonly pagesFolder: string;
  /** The dashboard of the queue; null where the operator lets nobody see it. */
  readonly dashboard: Hono | null;
}

/**
 * The server without its port: answers requests of every vendor's clients and of people's browsers, and tells events to
 * those who are connected.
 */
export function createApp(
  api: Api,
  limits: RequestLimits,
  { pagesFolder, dashboard }: ForPeople,
): { readonly app: ApiApp; readonly connections: Connections; readonly eventStreams: EventStreams } {
  const app = new OpenAPIHono<ApiEnv>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error as never);
    },
  });
  app.use(logRequests(api.log));
  answerErrors(app, api.log);
  app.use(secureHeaders({ crossOriginResourcePolicy: false }));
  app.use(cors({ origin: '*', allowHeaders: HEADERS_OF_BROWSERS, exposeHeaders: READABLE_HEADERS }));
  app.get('/healthz', async (c) => {
    await api.store.ping().catch((cause) => {
      throw new ApiError('unavailable', 'Redis does not answer', { cause });
    });
    return c.json({ status: 'ok' });
  });
  app.get(`${FILES_PATH}/:tenant/:recording/:filename`, handOut(api));
  // Browsers report here how they fare, before they have a token; nobody asks for it.
  app.post('/video/call_client_event', (c) => c.json({ duration: '0ms' }, 201));
  const connections = serveConnections(app, api);
  for (const paths of ['/api/*', '/video/*'])
    app.use(paths, checkSender(api, limits), readableBody(api.config.max_body_bytes));
  for (const [family, routes] of FAMILIES) for (const route of routes) addRoute(app, api, family, route);
  const eventStreams = serveEventStream(app, api);
  serveEgress(app, api, limits);
  serveWebhooks(app, api, limits);
  serveTwilio(app, api, limits);
  serveRooms(app, api, limits);
  serveTranscripts(app, api, limits);
  serveDocument(app);
  serveDashboard(app, api.config, dashboard);
  servePages(app, pagesFolder, api.config);
  return { app, connections, eventStreams };
}
