import { type Client, createClient } from '../../worker/client/api/createClient.ts';
import type { Session } from './session/session.ts';

/** The client of a session. `base` is the address below which `api/v1` is. */
export function openClient(base: URL, { apiKey, token }: Pick<Session, 'apiKey' | 'token'>): Client {
  return createClient({ url: base.href, apiKey, token });
}
