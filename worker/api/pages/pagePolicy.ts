import type { ApiConfig } from '../config/apiConfig.ts';

/**
 * The Content-Security-Policy of the console. It loads nothing but itself; files are played from where a link leads,
 * which may be any bucket.
 */
export function consolePolicy({ public_url }: Pick<ApiConfig, 'public_url'>): string {
  return policyOf({
    ...{ 'default-src': ["'none'"], 'script-src': ["'self'"], 'style-src': ["'self'"] },
    ...{ 'connect-src': ["'self'"], 'img-src': ["'self'", 'blob:', 'data:'] },
    'media-src': ["'self'", ...foreign(public_url)],
    ...{ 'base-uri': ["'none'"], 'form-action': ["'none'"], 'frame-ancestors': ["'none'"] },
  });
}

/**
 * The policy of the studio and of the layout app in it: as above, but that pictures, fonts and stylesheets of a design may
 * be anywhere. Nothing may be told to anybody else, and no script be anybody else's.
 */
export function studioPolicy({ public_url }: Pick<ApiConfig, 'public_url'>): string {
  const anywhere = foreign(public_url);
  return policyOf({
    ...{ 'default-src': ["'none'"], 'script-src': ["'self'"], 'connect-src': ["'self'"] },
    'style-src': ["'self'", "'unsafe-inline'", 'blob:', ...anywhere],
    'img-src': ["'self'", 'data:', 'blob:', ...anywhere],
    'font-src': ["'self'", 'data:', ...anywhere],
    ...{ 'media-src': ["'self'", 'blob:', 'data:'], 'worker-src': ["'self'", 'blob:'] },
    ...{ 'frame-src': ["'self'"], 'frame-ancestors': ["'self'"] },
    ...{ 'base-uri': ["'none'"], 'form-action': ["'none'"] },
  });
}

/** Other servers; those that speak plain http only where we do. */
function foreign(publicUrl: string): string[] {
  return publicUrl.startsWith('http:') ? ['https:', 'http:'] : ['https:'];
}

function policyOf(directives: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ');
}
