import { CompositorError } from '../../../worker/client/api/compositorError.ts';

/** Whether the server takes the token no longer, or the key: only signing in again helps. */
export function isSessionOver(error: unknown): error is CompositorError {
  return error instanceof CompositorError && error.status === 401;
}
