import { HTTPException } from 'hono/http-exception';
import type { Logger } from '../../log.ts';
import { ApiError } from '../apiError.ts';
import { twirpError } from '../livekit/twirpError.ts';
import { streamError } from '../stream/family.ts';
import { twilioError } from '../twilio/twilioError.ts';
import type { ApiContext } from './context.ts';
import type { ApiApp } from './routes.ts';

/** Answers every error in the shape of its paths. What is our fault is logged and not told. */
export function answerErrors(app: ApiApp, log: Logger): void {
  app.notFound((c) => {
    throw new ApiError('not_found', `there is nothing at ${c.req.method} ${c.req.path}`);
  });
  app.onError((given, c) => {
    const error = asApiError(given);
    if (error.status >= 500 && error.kind !== 'not_built')
      log.error({ err: error.cause ?? error, path: c.req.path }, 'a request could not be answered');
    return c.json(errorFor(c, error), error.status);
  });
}

function errorFor(c: ApiContext, error: ApiError): Record<string, unknown> {
  const { path } = c.req;
  if (path.startsWith('/twirp/')) return twirpError(error);
  if (path.startsWith('/2010-04-01/')) return twilioError(error);
  if (path.startsWith('/v2/') || path.startsWith('/ai/')) return { message: error.message, code: error.code };
  return streamError(c, error);
}

function asApiError(error: Error): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof HTTPException && error.status < 500)
    return new ApiError('bad_input', error.message || 'the request cannot be read', { cause: error });
  if (isRedisAway(error))
    return new ApiError('unavailable', 'Redis does not answer; try again', { cause: error });
  return new ApiError('internal', 'the server has a fault; its log says more', { cause: error });
}

/** The client of Redis has no class of its own for this, and its messages say it alike in all versions. */
function isRedisAway({ name, message }: Error): boolean {
  return (
    name === 'MaxRetriesPerRequestError' ||
    /^(Command timed out|Connection is closed|Stream isn't writeable)/.test(message)
  );
}
