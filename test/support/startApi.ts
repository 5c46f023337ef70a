import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import type {
  PauseMode,
  RecordingEvent,
  RecordingProgress,
  RecordingResult,
} from '../../shared/events/recordingEvents.ts';
import { type ApiConfig, parseApiConfig } from '../../worker/api/config/apiConfig.ts';
import { redisApiStore } from '../../worker/api/store/redisApiStore.ts';
import type { RecordingCommand } from '../../worker/control/commandStream.ts';
import { openQueue } from '../../worker/job/openQueue.ts';
import { connectToAnswer } from '../../worker/job/queue.ts';
import { createLog, type Logger } from '../../worker/log.ts';
import { redisRecordStore } from '../../worker/records/redisRecordStore.ts';
import { serveApi } from '../../worker/serveApi.ts';
import { readWorkerConfig } from '../../worker/workerConfig.ts';
import { startRedis } from './startRedis.ts';

export const QUEUE = 'api-tests';
export const KEYS = {
  acme: { key: 'acme-key', secret: 'secret-of-acme-for-tests' },
  other: { key: 'other-key', secret: 'secret-of-other-for-tests' },
} as const;
export type TenantName = keyof typeof KEYS;

/** Servers on a real Redis and a real queue, which no worker takes jobs from; the test tells what a worker would. */
export interface ApiWorld {
  /** One for each server. */
  readonly urls: readonly string[];
  readonly url: string;
  readonly recordingsDir: string;
  readonly redisUrl: string;
  /** Sends a request as a server of the tenant, unless a token is given. */
  call(
    method: string,
    path: string,
    body?: unknown,
    from?: { tenant?: TenantName; token?: string; url?: string },
  ): Promise<Answer>;
  token(claims?: Record<string, unknown>, tenant?: TenantName): Promise<string>;
  /** The jobs that were put on the queue, the newest first. */
  jobs(): Promise<{ id: string; data: Record<string, never> & { call: { session_id: string } } }[]>;
  /** The recordings that workers were told to stop, in this order. */
  stops(): Promise<string[]>;
  /** All that a recording was told, in this order. */
  commands(id: string): Promise<RecordingCommand[]>;
  /** Ends all servers, and starts them again at their addresses. */
  closeServers(): Promise<void>;
  openServers(): Promise<void>;
  /** The changes of its layout that a recording was told, in this order. */
  layoutChanges(id: string): Promise<unknown[]>;
  /** How a recording was told to pause, in this order; null where it was told to go on. */
  pauses(id: string): Promise<(PauseMode | null)[]>;
  /** What a worker tells of a recording. */
  tells(id: string, event: Partial<RecordingEvent>): Promise<void>;
  /** What a worker tells when a recording runs. */
  begins(id: string): Promise<void>;
  /** What a worker tells once a second while it runs. */
  progresses(id: string, progress: RecordingProgress): Promise<void>;
  /** What a worker tells at the end, with a file of these bytes in its folder. Resolves to the path of the file. */
  ends(
    id: string,
    given?: { bytes?: string; filename?: string; result?: Partial<RecordingResult> },
  ): Promise<string>;
  /** Removes a job from the queue, as if it had never been put there. */
  drop(id: string): Promise<void>;
  /** Keeps a recording that is over, as if it had been made earlier. */
  keep(
    callId: string,
    given?: {
      sessionId?: string;
      filename?: string;
      createdAt?: number;
      /** Where the file is, if it is in a bucket, and by which name the tenant knows the bucket. */
      location?: string;
      storage?: string;
    },
  ): Promise<{ id: string; sessionId: string; filename: string; path: string }>;
  /** Ends Redis while the servers run. */
  loseRedis(): Promise<void>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly body: any;
}

export async function startApi(
  given: {
    readonly config?: Record<string, unknown>;
    readonly servers?: number;
    readonly log?: Logger;
    /** Where the pages for people are; there are none unless given. */
    readonly pagesFolder?: string;
  } = {},
): Promise<ApiWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'api-'));
  const recordingsDir = join(folder, 'recordings');
  await mkdir(recordingsDir);
  const redisServer = await startRedis();
  const redis = connectToAnswer(redisServer.url);
  const log = given.log ?? createLog(process.env.TEST_LOG ?? 'silent');
  const settings = readWorkerConfig({
    REDIS_URL: redisServer.url,
    COMPOSITOR_QUEUE: QUEUE,
    COMPOSITOR_RECORDINGS_DIR: recordingsDir,
    COMPOSITOR_ALLOW_PRIVATE_URLS: '1',
  });
  const servers: Awaited<ReturnType<typeof serveApi>>[] = [];
  const config = apiConfig(given.config);
  const open = (listen: string) =>
    serveApi({ ...config, listen }, settings, redis, log, given.pagesFolder ?? recordingsDir);
  for (let server = 0; server < (given.servers ?? 1); server += 1) servers.push(await open(config.listen));
  const urls = servers.map((server) => server.url);
  const queue = openQueue(redis, QUEUE);
  const store = redisApiStore(redis, { queueName: QUEUE, keepDays: 1 });
  const records = redisRecordStore(redis, QUEUE);
  const url = urls[0] as string;

  async function note(id: string, event: Partial<RecordingEvent>): Promise<void> {
    const base = { recording_id: id, call_cid: 'default:demo', created_at: new Date().toISOString() };
    await records.note({ ...base, ...event } as RecordingEvent);
  }

  async function commands() {
    const sent = await redis.xrange(`call-compositor:${QUEUE}:commands`, '-', '+');
    return sent.map(([, [, recordingId, , command]]) => ({
      recordingId: String(recordingId),
      command: JSON.parse(String(command)) as RecordingCommand,
    }));
  }

  return {
    urls,
    url,
    recordingsDir,
    redisUrl: redisServer.url,
    token: (claims = {}, tenant = 'acme') => signToken(claims, tenant),
    call: async (method, path, body, { tenant = 'acme', token: given, url: base = url } = {}) => {
      const address = new URL(path, base);
      address.searchParams.set('api_key', KEYS[tenant].key);
      const headers = { authorization: given ?? (await signToken({}, tenant)), 'stream-auth-type': 'jwt' };
      const response = await fetch(address, {
        method,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, body: readAnswer(text) };
    },
    jobs: async () => {
      const jobs = await queue.queue.getJobs(['waiting', 'active', 'completed', 'failed', 'delayed']);
      const newest = jobs.sort((one, other) => other.timestamp - one.timestamp);
      return newest.map(({ id, data }) => ({ id: String(id), data }));
    },
    stops: async () => {
      const sent = await commands();
      return sent.filter(({ command }) => command.type === 'stop').map(({ recordingId }) => recordingId);
    },
    commands: async (id) => {
      const sent = await commands();
      return sent.filter(({ recordingId }) => recordingId === id).map(({ command }) => command);
    },
    closeServers: async () => {
      for (const server of servers.splice(0)) await server.close();
    },
    openServers: async () => {
      for (const one of urls) servers.push(await open(new URL(one).host));
    },
    layoutChanges: async (id) => {
      const sent = (await commands()).filter(({ recordingId }) => recordingId === id);
      return sent.flatMap(({ command }) => (command.type === 'change_layout' ? [command.change] : []));
    },
    pauses: async (id) => {
      const sent = (await commands()).filter(({ recordingId }) => recordingId === id);
      return sent.flatMap(({ command }) =>
        command.type === 'pause' ? [command.mode] : command.type === 'resume' ? [null] : [],
      );
    },
    tells: note,
    begins: (id) => note(id, { type: 'call.recording_phase', phase: 'recording' }),
    progresses: (id, progress) => note(id, { type: 'call.recording_progress', ...progress }),
    ends: async (id, { bytes = 'a recording', filename = `${id}.mp4`, result = {} } = {}) => {
      const file = join(recordingsDir, filename);
      await writeFile(file, bytes);
      await note(id, { type: 'call.recording_ready', result: resultOf(id, file, bytes.length, result) });
      await queue.queue.remove(id);
      return file;
    },
    drop: async (id) => void (await queue.queue.remove(id)),
    keep: async (callId, given = {}) => {
      const { sessionId = randomUUID(), filename, createdAt = Date.now(), location, storage = null } = given;
      const id = randomUUID();
      const name = filename ?? `${id}.mp4`;
      const path = location ?? join(recordingsDir, name);
      if (location === undefined) await writeFile(path, 'a recording');
      const { files, file: _, ...result } = resultOf(id, path, 11, {});
      const stored = files.map((one) => ({ ...one, file: path, filename: name }));
      const startedBy = { kind: 'server', userId: null } as const;
      const of = {
        id,
        tenant: 'acme',
        callType: 'default',
        callId,
        sessionId,
        startedBy,
        storage,
        createdAt,
      };
      const row = {
        ...of,
        stopRequestedAt: null,
        state: 'ready',
        audioOnly: false,
        quality: '720p',
      } as const;
      await store.recordings.add({
        ...row,
        layout: 'grid',
        result,
        startedAt: result.started_at,
        files: stored,
        egress: null,
      });
      return { id, sessionId, filename: name, path };
    },
    loseRedis: () => redisServer.stop(),
    close: async () => {
      for (const server of servers) await server.close();
      await queue.close();
      redis.disconnect();
      await redisServer.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A token of a tenant, without what expires unless the claims say so. */
export function signToken(claims: Record<string, unknown>, tenant: TenantName): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(KEYS[tenant].secret));
}

/** A configuration with two tenants; `demo` calls need nothing but a worker. */
export function apiConfig(changes: Record<string, unknown> = {}): ApiConfig {
  const tenant = ({ key, secret }: { key: string; secret: string }) => ({
    api_keys: { [key]: secret },
    source: { kind: 'demo' },
  });
  const config = {
    listen: '127.0.0.1:0',
    public_url: 'http://files.example',
    link_secret: 'a secret that signs the links of tests',
    requests_per_minute: 100_000,
    tenants: { acme: tenant(KEYS.acme), other: tenant(KEYS.other) },
    ...changes,
  };
  return parseApiConfig(config, 'the configuration of the test');
}

function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function resultOf(
  id: string,
  file: string,
  sizeBytes: number,
  changes: Partial<RecordingResult>,
): RecordingResult {
  const figures = { size_bytes: sizeBytes, duration_s: 3, frames: 90, dropped_frames: 0 };
  return {
    ...{ status: 'completed', recording_id: id, call_cid: 'default:demo', session_id: null, attempt: 1 },
    ...{
      file,
      ...figures,
      files: [{ name: 'recording', file, media_type: 'video/mp4', ...figures, error: null }],
    },
    ...{ end_reason: 'stopped', ready_signal: 'message', ready_after_ms: 10 },
    ...{ started_at: '2026-01-02T03:00:00.000Z', ended_at: '2026-01-02T03:04:58.000Z' },
    ...{ warnings: [], gaps: [], pauses: [], decoded_s: 0, transcript: null, error: null },
    ...changes,
  };
}
