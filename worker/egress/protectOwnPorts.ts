import type { EgressRules } from './egressRules.ts';

const REDIS_PORT = 6379;

/** Nobody may connect to what the worker itself needs on its machine: these addresses, null for one that it does not use. */
export function protectOwnPorts(rules: Pick<EgressRules, 'protect'>, urls: readonly (string | null)[]): void {
  for (const url of urls) if (url !== null) rules.protect(Number(new URL(url).port) || REDIS_PORT);
}
