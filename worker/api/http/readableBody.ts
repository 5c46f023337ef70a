import type { MiddlewareHandler } from 'hono';
import { copyOfJob } from '../../../shared/wire/copyOfJob.ts';
import { ApiError } from '../apiError.ts';

/**
 * Makes every body JSON, whatever its content type says: clients send `application/json` or a form type with no body at
 * all, and some send JSON with no type. A request without a body loses the header; one with a body is read here, with a
 * limit of bytes and of nesting. Throws an ApiError if it is no JSON object.
 */
export function readableBody(mostBytes: number): MiddlewareHandler {
  return async (c, next) => {
    const { raw } = c.req;
    if (raw.method === 'GET' || raw.method === 'HEAD' || raw.method === 'OPTIONS') return next();
    const text = await readText(raw, mostBytes);
    const headers = new Headers(raw.headers);
    headers.delete('content-length');
    headers.delete('content-type');
    const hasBody = text.trim() !== '';
    if (hasBody) headers.set('content-type', 'application/json');
    const body = hasBody ? JSON.stringify(parsed(text)) : null;
    c.req.raw = new Request(raw.url, { method: raw.method, headers, body });
    await next();
  };
}

async function readText(request: Request, mostBytes: number): Promise<string> {
  const tooLarge = new ApiError('too_large', `the body is larger than ${mostBytes} bytes`);
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) throw tooLarge;
  if (request.body === null) return '';
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request.body) {
    bytes += part.byteLength;
    if (bytes > mostBytes) throw tooLarge;
    parts.push(part);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts));
  } catch {
    throw new ApiError('bad_input', 'the body is not UTF-8');
  }
}

function parsed(text: string): unknown {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new ApiError('bad_input', 'the body is not JSON');
  }
  if (given === null) return {};
  if (typeof given !== 'object' || Array.isArray(given))
    throw new ApiError('bad_input', 'the body must be a JSON object');
  const read = copyOfJob(given);
  if ('problem' in read) throw new ApiError('bad_input', `the body ${read.problem}`);
  return read.copy;
}
