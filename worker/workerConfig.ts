import { z } from 'zod';
import { type AllowedHost, parseAllowedHosts } from './allowedHosts.ts';
import { browserEnvironment } from './browserEnvironment.ts';
import { messageOf } from './recordingError.ts';
import { SECRET_PREFIX } from './secretPrefix.ts';
import { type LimitsOfTenants, parseTenantLimits } from './tenantLimits.ts';

/** The worker's settings, complete and frozen. */
export interface WorkerConfig {
  readonly redisUrl: string;
  readonly queueName: string;
  /** null: as many as the machine can carry. */
  readonly concurrency: number | null;
  readonly cores: number | null;
  readonly memoryMiB: number | null;
  readonly costScale: number;
  readonly warmBrowsers: number;
  readonly recordingsDir: string;
  readonly chromium: string | null;
  readonly allowPrivateUrls: boolean;
  readonly pageMemoryMiB: number;
  readonly pageDiskMiB: number;
  readonly pageCores: number;
  readonly allowHosts: readonly AllowedHost[];
  readonly webRtc: 'auto' | 'public' | 'any' | 'guarded';
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly liveKitApiKey: string | null;
  readonly liveKitApiSecret: string | null;
  /** Hosts with their ports; null for any. */
  readonly liveKitUrls: readonly string[] | null;
  readonly secretsDir: string | null;
  /** Variables of the environment that hold secrets for jobs, by their whole names. */
  readonly namedSecrets: Readonly<Record<string, string>>;
  /** The environment of the browsers. */
  readonly browserEnvironment: Readonly<Record<string, string>>;
  readonly sealKey: string | null;
  /** null: none. */
  readonly tenantLimits: LimitsOfTenants | null;
  readonly localDirs: readonly string[];
  /** Origins. */
  readonly s3Endpoints: readonly string[];
  readonly s3Buckets: readonly string[] | null;
  /** In octal. */
  readonly umask: string;
  readonly onShutdown: 'auto' | 'end' | 'finish' | 'handover';
  readonly graceS: number;
  readonly logLevel: string;
}

interface Setting {
  readonly env: string;
  readonly schema: z.ZodType;
  readonly help: string;
}

/** A key, or an address with a password. */
const MAY_BE_SECRET = /^\w*(KEY|SECRET)=|@/;

const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((given) => given === '1');
const text = z.string().min(1).nullable().default(null);
const hostAndPort = z
  .string()
  .regex(/^(\[[\da-f:]+\]|[^:]+):\d{1,5}$/i, 'is not an address like 127.0.0.1:9464')
  .transform((given) => ({
    host: given.slice(0, given.lastIndexOf(':')).replace(/^\[|\]$/g, ''),
    port: Number(given.slice(given.lastIndexOf(':') + 1)),
  }))
  .nullable()
  .default(null);
const list = z
  .string()
  .default('')
  .transform((given) => given.split(',').flatMap((one) => one.trim() || []));
const hosts = z.string().default('').transform(readWith(parseAllowedHosts));
const SHUTDOWNS = ['auto', 'end', 'finish', 'handover'] as const;
const WEBRTC = ['auto', 'public', 'any', 'guarded'] as const;
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

/** Every environment variable that the worker reads. The README's table and `doctor` use this list. */
// biome-ignore format: a table reads best with one row a line
export const SETTINGS = {
  redisUrl: { env: 'REDIS_URL', schema: z.url({ protocol: /^rediss?$/, error: 'is not a redis:// or rediss:// address' }).default('redis://127.0.0.1:6379'), help: 'Redis that holds the queue.' },
  queueName: { env: 'COMPOSITOR_QUEUE', schema: z.string().min(1).default('recordings'), help: 'Name of the BullMQ queue.' },
  concurrency: { env: 'COMPOSITOR_CONCURRENCY', schema: z.coerce.number().int().min(1).max(64).nullable().default(null), help: 'The most recordings that one worker runs at once; without it, as many as the machine can carry.' },
  cores: { env: 'COMPOSITOR_CORES', schema: z.coerce.number().positive().nullable().default(null), help: 'Cores that recordings may use together; without it, those of the machine or container.' },
  memoryMiB: { env: 'COMPOSITOR_MEMORY_MIB', schema: z.coerce.number().positive().nullable().default(null), help: 'Memory that recordings may use together, in MiB; without it, that of the machine or container.' },
  costScale: { env: 'COMPOSITOR_COST_SCALE', schema: z.coerce.number().positive().max(100).default(1), help: 'Multiplies the cores that a recording is expected to need; use 2 if a core is half as fast.' },
  warmBrowsers: { env: 'COMPOSITOR_WARM_BROWSERS', schema: z.coerce.number().int().min(0).max(64).default(1), help: 'Browsers kept ready for the next recordings; each serves one.' },
  recordingsDir: { env: 'COMPOSITOR_RECORDINGS_DIR', schema: z.string().min(1).default('recordings'), help: 'Folder for local recordings, and for files that could not be uploaded.' },
  chromium: { env: 'COMPOSITOR_CHROMIUM', schema: text, help: 'Path of the Chromium or Chrome to use; without it, the first one found.' },
  pageMemoryMiB: { env: 'COMPOSITOR_PAGE_MEMORY_MIB', schema: z.coerce.number().positive().default(3072), help: 'The most memory that the browser of one recording may use, in MiB. A page that uses more ends its recording; what was recorded is kept.' },
  pageDiskMiB: { env: 'COMPOSITOR_PAGE_DISK_MIB', schema: z.coerce.number().positive().default(512), help: 'As above, for what the page keeps on disk: caches and databases, in MiB.' },
  pageCores: { env: 'COMPOSITOR_PAGE_CORES', schema: z.coerce.number().positive().default(8), help: 'As above, for the cores that it may keep busy, on average over a minute.' },
  allowPrivateUrls: { env: 'COMPOSITOR_ALLOW_PRIVATE_URLS', schema: flag, help: '1 allows every address, also private and loopback ones, and a call server on this machine. Only for machines where every job and every page is trusted.' },
  allowHosts: { env: 'COMPOSITOR_ALLOW_HOSTS', schema: hosts, help: 'What pages, call servers, storages, webhooks and services that transcribe may be at although it is not public, with commas between: names, such as minio:9000 or *.corp.example, addresses and networks, such as 10.0.0.0/8.' },
  webRtc: { env: 'COMPOSITOR_WEBRTC', schema: z.enum(WEBRTC).default('auto'), help: 'Where the media of calls may go. public: to public addresses. any: everywhere, for call servers in a network of your own. guarded: only by TCP and only where pages may connect, for pages that need no UDP. auto: public, or any where other addresses are allowed.' },
  metrics: { env: 'COMPOSITOR_METRICS', schema: hostAndPort, help: 'Address to serve Prometheus metrics on, such as 127.0.0.1:9464, at /metrics; without it, none.' },
  liveKitApiKey: { env: 'LIVEKIT_API_KEY', schema: text, help: 'With LIVEKIT_API_SECRET, the worker makes a token for LiveKit jobs that have none.' },
  liveKitApiSecret: { env: 'LIVEKIT_API_SECRET', schema: text, help: 'See LIVEKIT_API_KEY.' },
  liveKitUrls: { env: 'LIVEKIT_URL', schema: addresses((url) => url.host).transform(anyIfNone), help: 'Addresses of LiveKit servers, separated by commas, for which LIVEKIT_API_KEY is meant; without it, for every server that a job names.' },
  secretsDir: { env: 'COMPOSITOR_SECRETS_DIR', schema: text, help: 'Folder with secrets that jobs may name, one in a file, and those of a tenant in a folder of its name. Variables that begin with COMPOSITOR_SECRET_ hold such secrets, too.' },
  sealKey: { env: 'COMPOSITOR_SEAL_KEY', schema: z.string().min(16, 'is shorter than 16 characters').nullable().default(null), help: 'With it, addresses and secrets of webhooks, and what transcripts need of a job, are encrypted before they wait in Redis; the same for all workers of a queue.' },
  tenantLimits: { env: 'COMPOSITOR_TENANT_LIMITS', schema: z.string().transform(readWith(parseTenantLimits)).nullable().default(null), help: 'What tenants may use, as JSON or as the path of a file with it: {"*": {"recordings_at_once": 5, "minutes_per_month": 6000, "size_mib": 4096}, "acme": {"recordings_at_once": 20}}. "*" is for all that have no entry of their own; what an entry leaves out is as in "*", and null lifts a limit. The same for all workers of a queue.' },
  localDirs: { env: 'COMPOSITOR_LOCAL_DIRS', schema: list, help: 'Folders, separated by commas, in which jobs may store recordings, besides COMPOSITOR_RECORDINGS_DIR.' },
  s3Endpoints: { env: 'COMPOSITOR_S3_ENDPOINTS', schema: addresses((url) => url.origin), help: 'Addresses of S3 servers, separated by commas, that jobs may name without keys, so that the worker shows them its own; AWS needs no entry.' },
  s3Buckets: { env: 'COMPOSITOR_S3_BUCKETS', schema: list.transform(anyIfNone), help: "Buckets, or bucket/prefix, separated by commas, to which jobs may write with the worker's own keys; without it, to any that these keys can write to." },
  umask: { env: 'COMPOSITOR_UMASK', schema: z.string().regex(/^0?[0-7]{3}$/, 'is not a umask such as 077').default('077'), help: 'Which rights files and folders lack; 077 leaves them to the user of the worker, 022 lets everybody read.' },
  onShutdown: { env: 'COMPOSITOR_ON_SHUTDOWN', schema: z.enum(SHUTDOWNS).default('auto'), help: 'What SIGTERM does to running recordings. end: they end and are stored. finish: they are recorded to their end, as far as the grace period goes, then as auto. handover: another worker goes on with them, even if it starts only later. auto: handover as soon as another worker on this machine has room; end if no other one runs, or none has room before the grace period is over. A job of which nothing is recorded yet always goes back to the queue.' },
  graceS: { env: 'COMPOSITOR_GRACE_S', schema: z.coerce.number().min(3).max(86_400).default(25), help: 'Seconds after which a worker that was told to leave is gone; another worker goes on with what is not stored by then. Set it below the time after which your platform kills.' },
  logLevel: { env: 'COMPOSITOR_LOG', schema: z.enum(LEVELS).default('info'), help: `Log level: ${LEVELS.join(', ')}.` },
} as const satisfies Record<Exclude<keyof WorkerConfig, keyof ReturnType<typeof wholeGroups>>, Setting>;

/** Reads the settings from the environment. Throws one Error that lists every problem. */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const problems: string[] = [];
  const config = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => {
      const given = env[setting.env] === '' ? undefined : env[setting.env];
      const parsed = setting.schema.safeParse(given);
      if (parsed.success) return [name, parsed.data];
      const shown = MAY_BE_SECRET.test(`${setting.env}=${given}`) ? '' : `=${given}`;
      problems.push(
        `${setting.env}${shown}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
      );
      return [name, null];
    }),
  );
  if (problems.length > 0) throw new Error(`These settings are not valid:\n  ${problems.join('\n  ')}`);
  return Object.freeze({ ...config, ...wholeGroups(env) }) as unknown as WorkerConfig;
}

/** What is read from many variables at once. */
function wholeGroups(env: Readonly<Record<string, string | undefined>>) {
  return { namedSecrets: secretsIn(env), browserEnvironment: browserEnvironment(env) };
}

function secretsIn(env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const secrets = Object.entries(env).filter(([name]) => name.startsWith(SECRET_PREFIX));
  return Object.freeze(Object.fromEntries(secrets) as Record<string, string>);
}

/** Makes a transform of what reads a text, or throws an Error that says why it cannot. */
function readWith<T>(read: (given: string) => T) {
  return (given: string, context: z.RefinementCtx): T => {
    try {
      return read(given);
    } catch (error) {
      context.addIssue(messageOf(error));
      return z.NEVER;
    }
  };
}

/** Addresses, separated by commas, of each of which only a part counts. */
function addresses(part: (url: URL) => string) {
  return list.transform((given, context) =>
    given.flatMap((one) => {
      if (URL.canParse(one)) return part(new URL(one));
      context.addIssue(`"${one}" is not an address such as https://example.com`);
      return [];
    }),
  );
}

function anyIfNone(given: string[]): string[] | null {
  return given.length === 0 ? null : given;
}
