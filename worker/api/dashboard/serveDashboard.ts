import type { Hono, MiddlewareHandler } from 'hono';
import { html } from 'hono/html';
import { ApiError } from '../apiError.ts';
import type { ApiConfig } from '../config/apiConfig.ts';
import type { ApiEnv } from '../http/context.ts';
import type { ApiApp } from '../http/routes.ts';
import {
  beginSession,
  DASHBOARD_PATH,
  endSession,
  isInSession,
  maySeeDashboard,
} from './dashboardSession.ts';

/** Bull Board asks another server for its fonts, which this does not let it. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:"],
  ...[
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ],
].join('; ');

const SESSION_PATH = '/api/v1/dashboard/session';

/**
 * Serves the dashboard of the queue to those who may see it. The console asks at `/api/v1/dashboard/session`, as any
 * request of the API is made, whether its session may, and for the cookie with which the browser opens the pages.
 * `dashboard` is null where nobody may.
 */
export function serveDashboard(app: ApiApp, config: ApiConfig, dashboard: Hono | null): void {
  app.get(SESSION_PATH, (c) => c.json({ is_allowed: maySeeDashboard(config, c.get('who')) }));
  app.post(SESSION_PATH, async (c) => {
    if (!maySeeDashboard(config, c.get('who')))
      throw new ApiError(
        'not_allowed',
        'the dashboard is for the servers of API keys that "dashboard.keys" of the configuration names',
      );
    await beginSession(c, config, c.get('who'));
    return c.body(null, 204);
  });
  app.delete(SESSION_PATH, (c) => {
    endSession(c, config);
    return c.body(null, 204);
  });
  if (dashboard === null) return;
  app.use(DASHBOARD_PATH, guard(config));
  app.use(`${DASHBOARD_PATH}/*`, guard(config));
  app.route(DASHBOARD_PATH, dashboard as never);
  app.get(`${DASHBOARD_PATH}/`, (c) => c.redirect(DASHBOARD_PATH, 302));
}

/** Lets those in who have a session, and only to read. */
function guard(config: ApiConfig): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    c.header('content-security-policy', POLICY);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD')
      throw new ApiError('not_allowed', 'the dashboard changes nothing; recordings are changed over the API');
    if (!(await isInSession(c, config))) return c.html(signInPage(), 401);
    await next();
    c.header('cache-control', 'no-store');
  };
}

function signInPage() {
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>The queue</title>
<h1>Sign in first</h1>
<p>Sign in on the <a href="/">page of recordings</a>, and follow its link to the queue.</p>
</html>`;
}
