import { z } from 'zod';

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
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly liveKitApiKey: string | null;
  readonly liveKitApiSecret: string | null;
  readonly onShutdown: 'auto' | 'end' | 'finish' | 'handover';
  readonly graceS: number;
  readonly logLevel: string;
}

interface Setting {
  readonly env: string;
  readonly schema: z.ZodType;
  readonly help: string;
}

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
const SHUTDOWNS = ['auto', 'end', 'finish', 'handover'] as const;
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
  allowPrivateUrls: { env: 'COMPOSITOR_ALLOW_PRIVATE_URLS', schema: flag, help: '1 allows pages, stylesheets and images on private and loopback addresses, and a call server on this machine.' },
  pageMemoryMiB: { env: 'COMPOSITOR_PAGE_MEMORY_MIB', schema: z.coerce.number().positive().default(3072), help: 'The most memory that the browser of one recording may use, in MiB. A page that uses more ends its recording; what was recorded is kept.' },
  pageDiskMiB: { env: 'COMPOSITOR_PAGE_DISK_MIB', schema: z.coerce.number().positive().default(512), help: 'As above, for what the page keeps on disk: caches and databases, in MiB.' },
  pageCores: { env: 'COMPOSITOR_PAGE_CORES', schema: z.coerce.number().positive().default(8), help: 'As above, for the cores that it may keep busy, on average over a minute.' },
  metrics: { env: 'COMPOSITOR_METRICS', schema: hostAndPort, help: 'Address to serve Prometheus metrics on, such as 127.0.0.1:9464, at /metrics; without it, none.' },
  liveKitApiKey: { env: 'LIVEKIT_API_KEY', schema: text, help: 'With LIVEKIT_API_SECRET, the worker makes a token for LiveKit jobs that have none.' },
  liveKitApiSecret: { env: 'LIVEKIT_API_SECRET', schema: text, help: 'See LIVEKIT_API_KEY.' },
  onShutdown: { env: 'COMPOSITOR_ON_SHUTDOWN', schema: z.enum(SHUTDOWNS).default('auto'), help: 'What SIGTERM does to running recordings. end: they end and are stored. finish: they are recorded to their end, as far as the grace period goes, then as auto. handover: another worker goes on with them, even if it starts only later. auto: handover if another worker on this machine has room, else end. A job of which nothing is recorded yet always goes back to the queue.' },
  graceS: { env: 'COMPOSITOR_GRACE_S', schema: z.coerce.number().min(3).max(86_400).default(25), help: 'Seconds after which a worker that was told to leave is gone; another worker goes on with what is not stored by then. Set it below the time after which your platform kills.' },
  logLevel: { env: 'COMPOSITOR_LOG', schema: z.enum(LEVELS).default('info'), help: `Log level: ${LEVELS.join(', ')}.` },
} as const satisfies Record<keyof WorkerConfig, Setting>;

/** Reads the settings from the environment. Throws one Error that lists every problem. */
export function readWorkerConfig(env: Readonly<Record<string, string | undefined>>): WorkerConfig {
  const problems: string[] = [];
  const config = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, setting]) => {
      const given = env[setting.env] === '' ? undefined : env[setting.env];
      const parsed = setting.schema.safeParse(given);
      if (parsed.success) return [name, parsed.data];
      problems.push(
        `${setting.env}=${given}: ${parsed.error.issues.map((issue) => issue.message).join('; ')}`,
      );
      return [name, null];
    }),
  );
  if (problems.length > 0) throw new Error(`These settings are not valid:\n  ${problems.join('\n  ')}`);
  return Object.freeze(config) as unknown as WorkerConfig;
}
