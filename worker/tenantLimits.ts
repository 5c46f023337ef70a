import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { TENANT } from '../shared/wire/tenant.ts';

/** What the operator lets one tenant use. null stands for no limit. */
export interface TenantLimits {
  /** Calls that are recorded at the same time, on all workers of the queue. */
  readonly recordingsAtOnce: number | null;
  /** Minutes of all recordings that begin in the same calendar month (UTC). */
  readonly minutesPerMonth: number | null;
  /** The files of one recording together. */
  readonly sizeBytes: number | null;
}

/** By the name of the tenant. The entry "*" is for those that have none of their own. */
export type LimitsOfTenants = ReadonlyMap<string, TenantLimits>;

const EVERY_TENANT = '*';
const NO_LIMITS: TenantLimits = { recordingsAtOnce: null, minutesPerMonth: null, sizeBytes: null };
const MIB = 2 ** 20;
const KEYS = 'recordings_at_once, minutes_per_month or size_mib';

const WireLimits = z.strictObject(
  {
    recordings_at_once: z.number().int().min(1).nullish(),
    minutes_per_month: z.number().min(0).nullish(),
    size_mib: z.number().positive().nullish(),
  },
  {
    error: ({ code }) => (code === 'unrecognized_keys' ? `a limit is one of ${KEYS}` : undefined),
  },
);
const WireLimitsOfTenants = z.record(
  z.string().refine((name) => name === EVERY_TENANT || TENANT.test(name)),
  WireLimits,
  {
    error: ({ code }) =>
      code === 'invalid_key' ? 'is not the name of a tenant, nor "*" for all of them' : undefined,
  },
);

/**
 * Reads limits as the operator writes them: JSON such as `{"*": {"recordings_at_once": 5}}`, or the path of a file with it.
 * What a tenant's own entry leaves out is as in "*", and null in it lifts that limit. Throws an Error that says what
 * cannot be read.
 */
export function parseTenantLimits(given: string): LimitsOfTenants {
  const isJson = given.trimStart().startsWith('{');
  const where = isJson ? '' : `${given}: `;
  const parsed = WireLimitsOfTenants.safeParse(readJson(given, isJson, where));
  if (!parsed.success) throw new Error(`${where}${parsed.error.issues.map(sentenceOf).join('; ')}`);
  const { [EVERY_TENANT]: forAll = {}, ...own } = parsed.data;
  const all = toLimits(forAll, NO_LIMITS);
  const ofEach = Object.entries(own).map(([name, wire]) => [name, toLimits(wire, all)] as const);
  return new Map([[EVERY_TENANT, all], ...ofEach]);
}

/** Without limits there are none. A job that names no tenant has none either: the call platform says for whom a job is. */
export function limitsFor(tenant: string | null, limits: LimitsOfTenants | null): TenantLimits {
  if (tenant === null) return NO_LIMITS;
  return limits?.get(tenant) ?? limits?.get(EVERY_TENANT) ?? NO_LIMITS;
}

function readJson(given: string, isJson: boolean, where: string): unknown {
  const text = isJson ? given : readFileSync(given, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

function sentenceOf({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

function toLimits(wire: z.output<typeof WireLimits>, otherwise: TenantLimits): TenantLimits {
  const sizeBytes = typeof wire.size_mib === 'number' ? wire.size_mib * MIB : wire.size_mib;
  return {
    recordingsAtOnce: orElse(wire.recordings_at_once, otherwise.recordingsAtOnce),
    minutesPerMonth: orElse(wire.minutes_per_month, otherwise.minutesPerMonth),
    sizeBytes: orElse(sizeBytes, otherwise.sizeBytes),
  };
}

function orElse(given: number | null | undefined, otherwise: number | null): number | null {
  return given === undefined ? otherwise : given;
}
