import { serveStatic } from '@hono/node-server/serve-static';
import type { MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import type { ApiConfig } from '../config/apiConfig.ts';
import type { ApiApp } from '../http/routes.ts';
import { consolePolicy, studioPolicy } from './pagePolicy.ts';

/** Their names have a hash of their content. */
const FOREVER = 'public, max-age=31536000, immutable';
const ASK_FIRST = 'no-cache';

/**
 * Serves the pages for people from the folder of the built layout app: the console at `/`, and the studio at `/studio/`,
 * with the layout app that it shows.
 */
export function servePages(app: ApiApp, folder: string, config: Pick<ApiConfig, 'public_url'>): void {
  const files = serveStatic({ root: folder });
  const withPolicy = (policy: string): MiddlewareHandler => {
    return async (c, next) => {
      await next();
      c.header('content-security-policy', policy);
      c.header('cache-control', ASK_FIRST);
    };
  };
  const studio = withPolicy(studioPolicy(config));
  const packed = compress();
  app.get(
    '/',
    withPolicy(consolePolicy(config)),
    packed,
    serveStatic({ root: folder, path: 'console.html' }),
  );
  // A link to the studio without its last slash; relative, so that a proxy may serve all this below a path.
  app.get('/studio', (c) => c.redirect('./studio/', 302));
  // The studio asks which file it follows; here it follows none.
  app.get('/studio/theme.css', (c) => c.body(null, 204));
  app.get('/studio/*', studio, packed, files);
  app.get('/index.html', studio, packed, files);
  app.get(
    '/assets/*',
    async (c, next) => {
      await next();
      if (c.res.ok) c.header('cache-control', FOREVER);
    },
    packed,
    files,
  );
}
