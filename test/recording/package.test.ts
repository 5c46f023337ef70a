import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

/** A folder as a user has it: only the packed file is installed in it. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-package-'));
  // The build exists already, so it is packed as it is. `npm pack` alone would build first.
  await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], { cwd: ROOT });
  const [packed] = await readdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const quick = ['--prefer-offline', '--no-audit', '--no-fund'];
  // The install scripts are run. One that downloads a browser would fail here, or take minutes.
  await run('npm', ['install', ...quick, `./${packed}`], { cwd: folder, env: userEnvironment() });
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * The environment without all that could help the package: no Redis, no settings for Puppeteer, none of npm's
 * own run.
 */
function userEnvironment(): NodeJS.ProcessEnv {
  const { REDIS_URL, ...env } = process.env;
  const isHelp = (name: string) => /^(npm_|PUPPETEER_|COMPOSITOR_)/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isHelp(name)));
}

test('the installed package records a job in a folder that contains only the job', async () => {
  const job = { call: { id: 'a' }, source: { kind: 'demo' }, limits: { max_duration_s: 2 } };
  await writeFile(join(folder, 'job.json'), JSON.stringify(job));
  const command = ['--no-install', 'call-compositor', 'record', 'job.json'];
  const { stdout } = await run('npx', command, { cwd: folder, env: userEnvironment() });
  const { video, audio, durationS } = await inspectRecording(stdout.trim());
  expect(video).toMatchObject({ codec: 'h264', widthPx: 1280, heightPx: 720 });
  expect(audio).toMatchObject({ codec: 'aac' });
  expect(Number(durationS)).toBeCloseTo(2, 0);
});

test('the package contains the programs and their types, but neither sources nor tests', async () => {
  const names = await readdir(join(folder, 'node_modules/call-compositor'));
  expect(names.sort()).toEqual([
    '.puppeteerrc.cjs',
    'LICENSE',
    'README.md',
    'dist',
    'node_modules',
    'package.json',
  ]);
  const rooms = await readdir(join(folder, 'node_modules/call-compositor/dist'));
  expect(rooms.sort()).toEqual(['composer', 'layout-app', 'preload', 'recorder', 'shared', 'worker']);
});

const PROGRAM = `
import { Queue } from 'bullmq';
import { enqueueRecording, InvalidRequestError, type RecordingEvent, type RecordingJob } from 'call-compositor';
import { CompositorError, createClient, type Recording } from 'call-compositor/client';

const job: RecordingJob = { call: { id: 'standup' }, source: { kind: 'demo', participants: 3 } };
const queue = new Queue('recordings', { connection: { url: 'redis://127.0.0.1:6379' } });
const recordingId: string = await enqueueRecording(queue, job, { recordingId: 'standup-1', attempts: 3 });
const told = (event: RecordingEvent) => ('result' in event ? event.result.file : event.type);
const client = createClient({ url: 'http://127.0.0.1:8080', apiKey: 'key', secret: 'the secret of the key' });
const start = async (): Promise<Recording['state']> => (await client.start({ call_id: 'standup', quality: '720p' })).state;
export { CompositorError, InvalidRequestError, recordingId, start, told };
`;

test.each([
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
])('a user’s program compiles against its types with module %s and resolution %s', async (module, resolution) => {
  await writeFile(join(folder, 'user.ts'), PROGRAM);
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2022'];
  const args = [TSC, ...options, '--module', module, '--moduleResolution', resolution, 'user.ts'];
  await expect(run('node', args, { cwd: folder })).resolves.toMatchObject({ stdout: '' });
});

test('a job that does not fit its type does not compile', async () => {
  await writeFile(join(folder, 'wrong.ts'), PROGRAM.replace("kind: 'demo'", "kind: 'dmeo'"));
  const args = [TSC, '--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', 'wrong.ts'];
  await expect(run('node', args, { cwd: folder })).rejects.toMatchObject({
    stdout: expect.stringContaining('"dmeo"'),
  });
});
