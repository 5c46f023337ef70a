import type { ApiConfig } from './apiConfig.ts';

/** The address by which clients reach a path of the servers. */
export function publicAddress({ public_url: base }: Pick<ApiConfig, 'public_url'>, path: string): string {
  return `${base.replace(/\/+$/, '')}${path}`;
}
