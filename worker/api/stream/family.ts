import { z } from '@hono/zod-openapi';
import type { ApiError } from '../apiError.ts';
import type { ApiContext } from '../http/context.ts';
import type { Family } from '../http/routes.ts';

const StreamError = z.object({
  code: z.int(),
  message: z.string(),
  StatusCode: z.int(),
  duration: z.string(),
  more_info: z.string(),
  details: z.array(z.int()),
  exception_fields: z.record(z.string(), z.string()).optional(),
});

const NS_OF_MS = 1_000_000;

/** The paths of newer clients, which read times as Unix nanoseconds. */
export const V2 = family('/api/v2/video', false, (time) => time.getTime() * NS_OF_MS);
/** The paths of older clients and of browsers, which read times as RFC 3339. */
export const V1 = family('/video', true, (time) => time.toISOString());
/** Storages are not below `video` in the newer paths. */
export const V2_WITHOUT_VIDEO = { ...V2, base: '/api/v2' };

/** Our own paths. */
export const OURS = family('/api/v1', false, (time) => time.toISOString());

function family(base: string, isHidden: boolean, writeTime: (time: Date) => number | string): Family {
  return {
    base,
    isHidden,
    errorSchema: StreamError,
    statusOf: (method) => (method === 'post' || method === 'put' ? 201 : 200),
    write: (c, body) => ({ ...(written(body, writeTime) as object), duration: durationOf(c) }),
  };
}

/** An error in the shape that every client of this API reads; some fail where one of the first six fields is missing. */
export function streamError(c: ApiContext, error: ApiError): Record<string, unknown> {
  const { code, message, status, fields } = error;
  return {
    ...{ code, message, StatusCode: status, duration: durationOf(c), more_info: '', details: [] },
    ...(Object.keys(fields).length > 0 && { exception_fields: fields }),
  };
}

function durationOf(c: ApiContext): string {
  return `${(performance.now() - c.get('arrivedAtMs')).toFixed(2)}ms`;
}

/** The value with every date in it as the family writes times. */
function written(value: unknown, writeTime: (time: Date) => number | string): unknown {
  if (value instanceof Date) return writeTime(value);
  if (Array.isArray(value)) return value.map((part) => written(part, writeTime));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, written(part, writeTime)]));
}
