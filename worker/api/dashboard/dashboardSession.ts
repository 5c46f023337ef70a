import { createHmac } from 'node:crypto';
import { getCookie, setCookie } from 'hono/cookie';
import { jwtVerify, SignJWT } from 'jose';
import type { Principal } from '../auth/principal.ts';
import type { ApiConfig } from '../config/apiConfig.ts';
import { publicAddress } from '../config/publicAddress.ts';
import type { ApiContext } from '../http/context.ts';

/** Where the dashboard is, below the public address. */
export const DASHBOARD_PATH = '/dashboard';

const COOKIE = 'call_compositor_dashboard';
/** As long as the token that the console makes. */
const SESSION_S = 12 * 60 * 60;

type Config = Pick<ApiConfig, 'dashboard' | 'link_secret' | 'public_url'>;

/**
 * Whether somebody may see the dashboard. It shows the jobs of all tenants, so only servers do whose API key the operator
 * has named; neither users nor viewers.
 */
export function maySeeDashboard({ dashboard }: Config, { kind, apiKey }: Principal): boolean {
  return kind === 'server' && dashboard.keys.includes(apiKey);
}

/**
 * Begins a session, whose cookie no script can read and no other site can make a browser send: pages of the dashboard are
 * opened by a browser, which sends no token.
 */
export async function beginSession(c: ApiContext, config: Config, { apiKey }: Principal): Promise<void> {
  const value = await new SignJWT({ api_key: apiKey })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime(`${SESSION_S}s`)
    .sign(keyOf(config));
  write(c, config, value, SESSION_S);
}

export function endSession(c: ApiContext, config: Config): void {
  write(c, config, '', 0);
}

/** Whether a request is of a session that has not ended, of a key that may still see the dashboard. */
export async function isInSession(c: ApiContext, config: Config): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(getCookie(c, COOKIE) ?? '', keyOf(config), { algorithms: ['HS256'] });
    return typeof payload.api_key === 'string' && config.dashboard.keys.includes(payload.api_key);
  } catch {
    return false;
  }
}

function write(c: ApiContext, config: Config, value: string, maxAge: number): void {
  const { pathname, protocol } = new URL(publicAddress(config, DASHBOARD_PATH));
  setCookie(c, COOKIE, value, {
    ...{ httpOnly: true, sameSite: 'Strict', secure: protocol === 'https:' },
    ...{ path: pathname, maxAge },
  });
}

/** A key of its own, so that no signature of something else is one of a session. */
function keyOf({ link_secret }: Config): Uint8Array {
  return createHmac('sha256', link_secret).update('session of the dashboard').digest();
}
