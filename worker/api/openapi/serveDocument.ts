import type { ApiApp } from '../http/routes.ts';
import { describeOtherVendors } from './otherVendors.ts';
import { type OpenApiDocument, pageOf } from './pageOf.ts';

const DESCRIPTION = `Starts, stops, lists and deletes recordings of calls. Every request names its \`api_key\` in the query, and
carries a JWT in the header \`Authorization\`, signed with the secret of that key (HS256). A token that names no \`user_id\`
is that of a server, and may do everything in its tenant; with the claim \`role\` \`viewer\` it may only read. Times are Unix
nanoseconds below \`/api/v2\`, and RFC 3339 below \`/api/v1\` and below \`/video\`, which has the paths of \`/api/v2/video\` for older clients. The paths of
LiveKit, Twilio and VideoSDK have tokens, bodies, times and errors of their own.`;

/** Serves the OpenAPI document at `/openapi.json`, made from the schemas that read the requests, and a page of it at `/docs`. */
export function serveDocument(app: ApiApp): void {
  describeOtherVendors(app);
  app.openAPIRegistry.registerComponent('securitySchemes', 'api_key', {
    type: 'apiKey',
    in: 'query',
    name: 'api_key',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'call-compositor',
      version: '1',
      description: DESCRIPTION,
      license: { name: 'MIT' },
    },
    servers: [{ url: '/' }],
  });
  app.get('/openapi.json', (c) => c.json(document));
  app.get('/docs', (c) => c.html(pageOf(document as unknown as OpenApiDocument)));
}
