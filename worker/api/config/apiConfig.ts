import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CallTypeName } from '../../../shared/api/callName.ts';
import { WireLimits } from '../../../shared/request/limits.ts';
import { WireStorage } from '../../../shared/storages/storageTarget.ts';
import { WireTranscription } from '../../../shared/transcription/transcription.ts';
import { TenantName } from '../../../shared/wire/tenant.ts';
import { EventHooks } from '../events/eventHook.ts';
import { CallOrigin } from './callOrigin.ts';
import { Grants, Settings } from './callTypeSettings.ts';

const TWO_WEEKS_S = 14 * 24 * 60 * 60;
const DAYS_OF_TEN_YEARS = 3_650;

/** What names a tenant, a call type or a storage, also in the keys of Redis: no sign that separates there. */
export const Name = z
  .string()
  .regex(/^[\w-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, "-" or "_"' });

/** A key of Redis and of the queue's jobs: what a job would read is checked here and kept as it was written. */
const asWritten = <T extends z.ZodType>(schema: T) =>
  z.unknown().superRefine((given, context) => {
    for (const { path, message } of schema.safeParse(given).error?.issues ?? [])
      context.addIssue({ code: 'custom', path, message });
  });

const CallTypeConfig = z.strictObject({
  source: CallOrigin.nullable().default(null),
  settings: Settings.prefault({}),
  grants: Grants.nullable().default(null),
});

const Tenant = z.strictObject({
  api_keys: z
    .record(
      z.string().min(1).max(200),
      z.string().min(16, { error: 'is a secret of fewer than 16 characters' }),
    )
    .refine((keys) => Object.keys(keys).length > 0, { error: 'must have at least one key with its secret' }),
  /** Where the calls of every call type come from that names no source of its own. */
  source: CallOrigin.nullable().default(null),
  call_types: z.record(CallTypeName, CallTypeConfig).default({}),
  /** As `storage` of a job: where recordings go that name no storage; null for the folder of the workers. */
  storage: asWritten(WireStorage)
    .refine((storage) => (storage as { kind?: unknown }).kind !== 'presigned', {
      error: 'cannot be "presigned": such an address is for one file',
    })
    .nullable()
    .default(null),
  /** As `transcription` of a job: the service for recordings whose start asks for a transcript. */
  transcription: asWritten(WireTranscription)
    .refine((transcription) => (transcription as { storage?: unknown }).storage == null, {
      error: 'cannot have a "storage": the transcript lies where the recording does',
    })
    .nullable()
    .default(null),
  /** Who hears of recordings, unless others are set over the API. */
  event_hooks: EventHooks.default([]),
  /** As `limits` of a job. */
  limits: asWritten(WireLimits).default({}),
});

const ApiConfigFile = z
  .strictObject({
    listen: z
      .string()
      .regex(/^(\[[\da-f:]+\]|[^:]+):\d{1,5}$/i, { error: 'is not an address like 127.0.0.1:8080' })
      .default('127.0.0.1:8080'),
    /** By which clients reach the servers; the links to files begin with it. */
    public_url: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }),
    /** Signs the links to files. All servers need the same one. */
    link_secret: z.string().min(32, { error: 'must have at least 32 characters' }),
    links_expire_s: z.int().positive().default(TWO_WEEKS_S),
    keep_records_days: z.int().positive().max(DAYS_OF_TEN_YEARS).default(365),
    max_body_bytes: z.int().min(1_024).max(16_777_216).default(1_048_576),
    requests_per_minute: z.int().positive().default(600),
    /** By how many seconds the clocks of clients may differ from ours. */
    clock_leeway_s: z.number().min(0).max(300).default(10),
    /** The API keys whose servers may see the dashboard of the queue, which shows the jobs of all tenants. */
    dashboard: z.strictObject({ keys: z.array(z.string()).default([]) }).prefault({}),
    tenants: z
      .record(TenantName, Tenant)
      .refine((tenants) => Object.keys(tenants).length > 0, { error: 'must have at least one tenant' }),
  })
  .superRefine(({ tenants, dashboard, public_url }, context) => {
    const keys = Object.values(tenants).flatMap(({ api_keys }) => Object.keys(api_keys));
    for (const key of dashboard.keys)
      if (!keys.includes(key))
        context.addIssue({
          code: 'custom',
          path: ['dashboard', 'keys'],
          message: `no tenant has the API key "${key}"`,
        });
    if (dashboard.keys.length > 0 && new URL(public_url).pathname !== '/')
      context.addIssue({
        code: 'custom',
        path: ['dashboard'],
        message: 'needs a public_url without a path, because the pages of the dashboard lie below /dashboard',
      });
    const twice = keys.find((key, at) => keys.indexOf(key) !== at);
    if (twice !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['tenants'],
        message: `two tenants have the API key "${twice}"`,
      });
  });

export type ApiConfig = Readonly<z.output<typeof ApiConfigFile>>;
export type TenantConfig = ApiConfig['tenants'][string];

/** Checks the settings of the servers. Throws one Error that lists every problem; it quotes no secret. */
export function parseApiConfig(given: unknown, from: string): ApiConfig {
  const parsed = ApiConfigFile.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`${from} is not valid:\n  ${problems.join('\n  ')}`);
}

/** Reads the settings of the servers from a JSON file. Throws an Error that says what is wrong with it. */
export async function readApiConfig(path: string): Promise<ApiConfig> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new Error(`The configuration cannot be read: ${error.message}`);
  });
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    // The message of the parser would quote the file, which holds secrets.
    throw new Error(`The configuration ${path} is not JSON`);
  }
  return parseApiConfig(given, path);
}
