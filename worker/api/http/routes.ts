import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import type { Api } from '../api.ts';
import { ApiError } from '../apiError.ts';
import type { Principal } from '../auth/principal.ts';
import type { ApiContext, ApiEnv } from './context.ts';

export type ApiApp = OpenAPIHono<ApiEnv>;

/** What a handler is given: who asks, and what was asked, as the schemas of the route read it. */
export interface Request<Params, Query, Body> {
  readonly who: Principal;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

/** One route, from which both the server and the OpenAPI document are made. */
export interface Route<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly reply: z.ZodType;
  /** The type of a reply that is not JSON. */
  readonly replyType?: string;
  /** Answers an object; dates in it are written as the family of paths writes them. A response is sent as it is. */
  readonly handle: (
    api: Api,
    request: Request<z.output<Params>, z.output<Query>, z.output<Body>>,
  ) => Promise<Record<string, unknown> | Response>;
}

/** Lets TypeScript read the schemas of a route, and forgets them again. */
export function route<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType>(
  given: Route<Params, Query, Body>,
): Route {
  return given as unknown as Route;
}

/** How a family of paths answers. */
export interface Family {
  /** What its paths begin with. */
  readonly base: string;
  /** Whether the OpenAPI document leaves it out, as an older spelling of another family. */
  readonly isHidden: boolean;
  readonly errorSchema: z.ZodType;
  readonly statusOf: (method: Route['method']) => 200 | 201;
  readonly write: (c: ApiContext, body: Record<string, unknown>) => unknown;
}

/** Adds a route to the server, below the base of a family. */
export function addRoute(app: ApiApp, api: Api, family: Family, given: Route): void {
  const { method, path, summary, tag, params, query, body, reply, replyType, handle } = given;
  const status = family.statusOf(method);
  const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } });
  const described = createRoute({
    ...{ method, path: `${family.base}${path}`, summary, tags: [tag], hide: family.isHidden },
    security: [{ api_key: [], token: [] }],
    request: {
      ...(params && { params }),
      ...(query && { query }),
      ...(body && { body: { content: json(body), required: false } }),
    },
    responses: {
      [status]: {
        description: 'Done.',
        content: replyType ? { [replyType]: { schema: reply } } : json(reply),
      },
      default: { description: 'Refused, with the reason.', content: json(family.errorSchema) },
    },
  });
  app.openapi(described, (async (c: ApiContext) => {
    const read = c.req as unknown as { valid(of: string): Record<string, unknown> };
    const asked = {
      who: c.get('who'),
      params: params ? read.valid('param') : {},
      query: query ? read.valid('query') : {},
      body: body ? readInput(body, await jsonBody(c)) : {},
    };
    const answer = await handle(api, asked);
    return answer instanceof Response ? answer : c.json(family.write(c, answer) as object, status);
  }) as never);
}

/** The body of a request, which readableBody has made JSON. One without a body is one with an empty object. */
export async function jsonBody(c: ApiContext): Promise<unknown> {
  const text = await c.req.text();
  return text === '' ? {} : JSON.parse(text);
}

/** What was given, as the schema reads it. Throws an ApiError that names everything that is wrong. */
export function readInput<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw invalidInput(parsed.error);
}

/** What a schema found wrong, each with its path. */
export function invalidInput(error: z.ZodError): ApiError {
  const fields = Object.fromEntries(error.issues.map((issue) => [issue.path.join('.'), messageOf(issue)]));
  const sentences = Object.entries(fields).map(([path, message]) => (path ? `${path}: ${message}` : message));
  return new ApiError('bad_input', sentences.slice(0, 20).join('; '), { fields });
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys')
    return `unknown key: ${issue.keys.slice(0, 5).join(', ')}`.slice(0, 300);
  return issue.message.slice(0, 300);
}
