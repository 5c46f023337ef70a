import { OpenAPIHono } from '@hono/zod-openapi';
import { cors } from 'hono/cors';
import { secureHeaders } from 'hono/secure-headers';
import type { Api } from './api.ts';
import { ApiError } from './apiError.ts';
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
import { serveDocument } from './openapi/serveDocument.ts';
import { recordRoutes } from './records/recordRoutes.ts';
import { callRoutes } from './stream/callRoutes.ts';
import { callTypeRoutes } from './stream/callTypeRoutes.ts';
import { OURS, V1, V2, V2_WITHOUT_VIDEO } from './stream/family.ts';
import { recordingRoutes } from './stream/recordingRoutes.ts';
import { storageRoutes } from './stream/storageRoutes.ts';

const HEADERS_OF_BROWSERS = [
  ...['authorization', 'content-type', 'stream-auth-type'],
  ...['x-client-request-id', 'x-stream-client'],
];
const READABLE_HEADERS = ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'retry-after'];

/** Which routes answer below which paths. */
const FAMILIES: readonly (readonly [Family, readonly Route[]])[] = [
  [V2, [...recordingRoutes, ...callRoutes, ...callTypeRoutes]],
  [V1, [...recordingRoutes, ...callRoutes, ...callTypeRoutes, ...storageRoutes]],
  [V2_WITHOUT_VIDEO, storageRoutes],
  [OURS, recordRoutes],
];

/** The server without its port: answers requests of every vendor's clients. */
export function createApp(api: Api, limits: RequestLimits): ApiApp {
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
  for (const paths of ['/api/*', '/video/*'])
    app.use(paths, checkSender(api, limits), readableBody(api.config.max_body_bytes));
  for (const [family, routes] of FAMILIES) for (const route of routes) addRoute(app, api, family, route);
  serveEgress(app, api, limits);
  serveDocument(app);
  return app;
}
