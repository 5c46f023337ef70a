import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Client, createClient, type WatchedEvent } from '../../worker/client/api/index.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { apiConfig, KEYS } from '../support/startApi.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const run = promisify(execFile);

let compositor: Compositor;
let server: ChildProcess;
let client: Client;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  compositor = await startCompositor();
  const listen = `127.0.0.1:${await freePort()}`;
  const url = `http://${listen}`;
  const path = join(compositor.recordingsDir, 'api.json');
  await writeFile(path, JSON.stringify(apiConfig({ listen, public_url: url })));
  env = {
    ...compositor.env,
    ...{ COMPOSITOR_URL: url, COMPOSITOR_API_KEY: KEYS.acme.key, COMPOSITOR_API_SECRET: KEYS.acme.secret },
  };
  client = createClient({ url, apiKey: KEYS.acme.key, secret: KEYS.acme.secret });
  await serve();
});

afterAll(async () => {
  await endServer('SIGTERM');
  await compositor?.close();
});

async function serve(): Promise<void> {
  const path = join(compositor.recordingsDir, 'api.json');
  server = spawn(process.execPath, [MAIN, 'serve', '--config', path], {
    env: { ...env, COMPOSITOR_LOG: 'error' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const isThere = async () => (await fetch(`${env.COMPOSITOR_URL}/healthz`)).ok;
  await eventually('the server answers', isThere, { withinMs: 30_000 });
}

async function endServer(signal: NodeJS.Signals): Promise<void> {
  const ended = once(server, 'exit');
  server.kill(signal);
  await ended;
}

const cli = (...args: string[]) => run(process.execPath, [MAIN, ...args], { env });

test('the command line records a call, shows how it proceeds, and prints what came of it', async () => {
  const source = JSON.stringify({ kind: 'demo', participants: 2, duration_s: 4 });
  const request = ['demo', '--quality', '360p', '--layout', 'grid', '--source', source];
  const recording = cli('start', ...request, '--wait', '--json');
  const running = await eventually(
    'a worker has it',
    async () => {
      for await (const one of client.list({ call_id: 'demo', state: 'recording' }))
        if (one.progress) return one;
      return null;
    },
    { withinMs: 60_000 },
  );
  const [worker] = await client.workers();
  expect(worker).toMatchObject({
    id: running.worker,
    recordings: [running.id],
    others: 0,
    is_leaving: false,
  });
  expect(worker?.room.cores).toBeGreaterThanOrEqual(0);
  expect((await cli('workers')).stdout).toContain(String(running.worker));
  const { stdout, stderr } = await recording;
  expect(stderr).toMatch(/recording +\d+ s +\d+ frames +\d+ dropped +\d+\.\d MB/);
  const told = JSON.parse(stdout);
  expect(told).toMatchObject({ id: running.id, state: 'ready', end_reason: 'call_ended', worker: null });
  const file = join(compositor.recordingsDir, 'copy.mp4');
  await writeFile(file, Buffer.from(await (await fetch(told.files[0].url)).arrayBuffer()));
  expect(Number((await inspectRecording(file)).durationS)).toBeCloseTo(told.duration_s, 0);
  expect((await cli('list', '--call', 'demo')).stdout).toMatch(new RegExp(`^${running.id} +ready`, 'm'));
  await cli('delete', running.id);
  await expect(cli('get', running.id)).rejects.toMatchObject({ code: 3 });
}, 150_000);

test('whoever watches a recording misses nothing of it, although the server is killed in the middle', async () => {
  const { id } = await client.start({ call_id: 'killed', quality: '360p' });
  const heard: WatchedEvent[] = [];
  const watching = (async () => {
    for await (const event of client.watch({ recording_id: id })) heard.push(event);
  })();
  const types = () => heard.map(({ type }) => type);
  await eventually('it is recorded', () => types().includes('call.recording_progress'), { withinMs: 60_000 });
  await endServer('SIGKILL');
  // It goes on without a server, and ends without one.
  await run(process.execPath, [MAIN, 'stop', id], { env: compositor.env });
  const isOver = async () =>
    JSON.parse((await run(process.execPath, [MAIN, 'get', id], { env: compositor.env })).stdout).result;
  await eventually('it is stored', isOver, { withinMs: 60_000, everyMs: 1_000 });
  await serve();
  await watching;
  const told = heard.filter(({ type }) => type !== 'call.recording_progress');
  const kept = (await client.get(id)).events;
  expect(told.map(({ position: _, ...event }) => event)).toEqual(kept);
  expect(told.at(-1)?.type).toBe('call.recording_ready');
}, 150_000);
