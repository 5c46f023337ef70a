import { z } from '@hono/zod-openapi';
import type { ApiApp } from '../http/routes.ts';

/** A path that is not made from a route, because its vendor reads bodies or answers errors in a way of its own. */
export interface DescribedPath {
  readonly method: 'get' | 'post' | 'delete';
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** JSON, if it is left out. */
  readonly bodyType?: string;
  readonly error: z.ZodType;
}

const Anything = z.unknown();

/** Adds a path to the OpenAPI document, with the schemas that read its requests. */
export function describePath(app: ApiApp, given: DescribedPath): void {
  const { method, path, summary, tag, query, body, bodyType = 'application/json', error } = given;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, z.string()]);
  const json = (schema: z.ZodType) => ({ 'application/json': { schema } });
  app.openAPIRegistry.registerPath({
    ...{ method, path, summary, tags: [tag] },
    security: [{ token: [] }],
    request: {
      ...(names.length > 0 && { params: z.object(Object.fromEntries(names)) }),
      ...(query && { query }),
      ...(body && { body: { content: { [bodyType]: { schema: body } } } }),
    },
    responses: {
      '2XX': { description: 'Done.', content: json(Anything) },
      default: { description: 'Refused, with the reason.', content: json(error) },
    },
  });
}
