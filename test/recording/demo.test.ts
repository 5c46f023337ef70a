import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';
import { slotsOf } from '../support/slotsOf.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-cli-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/**
 * Runs the command as a user does. It must start a Redis of its own, because REDIS_URL is not set. `meanwhile` is told
 * what the command has written to stderr. It lingers from what it says last on stdout until its end.
 */
async function compositor(
  args: string[],
  input = '',
  env: Record<string, string> = {},
  meanwhile: (child: ChildProcess, stderr: string) => void = () => {},
): Promise<{ stdout: string; stderr: string; code: number | null; lingeredMs: number }> {
  const { REDIS_URL: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...inherited, COMPOSITOR_RECORDINGS_DIR: folder, ...env },
  });
  child.stdin.end(input);
  let [stdout, stderr] = ['', ''];
  let saidAtMs = performance.now();
  child.stdout.on('data', (text) => {
    saidAtMs = performance.now();
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
    meanwhile(child, stderr);
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stdout, stderr, code, lingeredMs: performance.now() - saidAtMs };
}

const lastLine = (text: string) => JSON.parse(text.trim().split('\n').at(-1) ?? '');

test('the last two lines of the demo are the paths of a playable recording and of a picture from its middle', {
  timeout: 90_000,
}, async () => {
  const { stdout, stderr, code } = await compositor(['demo']);
  expect(code, stderr).toBe(0);
  const [file, picture] = stdout.trim().split('\n').slice(-2) as [string, string];
  const png = await readFile(picture);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1280, 720]);

  const recording = await inspectRecording(file);
  expect(recording.video).toMatchObject({ codec: 'h264', widthPx: 1280, heightPx: 720 });
  // There are fewer than 30 a second, because a busy machine drops some.
  expect(recording.video?.framesPerSecond).toBeGreaterThan(15);
  expect(recording.video?.framesPerSecond).toBeLessThanOrEqual(30);
  // The call lasts 20 s from when its page runs, and a machine under load takes a while until the first picture.
  expect(Number(recording.video?.durationS)).toBeGreaterThan(18);
  expect(Number(recording.video?.durationS)).toBeLessThan(21.5);
  // Sound may be longer by this much, because the encoder fills its last block of 1024 samples.
  const soundBeyondS = Number(recording.audio?.durationS) - Number(recording.video?.durationS);
  expect(Math.abs(soundBeyondS)).toBeLessThan(0.06);
  expect(await recording.isBlack(0)).toBe(false);
  expect(await recording.motionIn({ fromS: 0, toS: 19 })).toBeGreaterThan(0.05);
  expect((await recording.decodeAll()).errors).toEqual([]);
  for (const phase of ['launching', 'loading', 'recording', 'finishing']) expect(stderr).toContain(phase);
});

describe.concurrent('record', () => {
  test('takes a job from standard input, and its last line is one JSON object', async () => {
    const job = {
      call: { id: 'a' },
      source: { kind: 'demo', participants: 3 },
      recording: { quality: '360p' },
      limits: { max_duration_s: 3 },
    };
    const { stdout, code, stderr } = await compositor(
      ['record', '-', '--out', folder, '--json'],
      JSON.stringify(job),
    );
    expect(code, stderr).toBe(0);
    const result = lastLine(stdout);
    expect(result).toMatchObject({
      status: 'completed',
      error: null,
      end_reason: 'max_duration',
      duration_s: 3,
    });
    expect(slotsOf(result)).toBe(90);
    expect(Number((await inspectRecording(result.file)).durationS)).toBeCloseTo(3, 1);
  });

  test('records sound without a picture', async () => {
    const job = {
      call: { id: 'a' },
      source: { kind: 'demo', participants: 2 },
      recording: { audio_only: true },
      limits: { max_duration_s: 3 },
    };
    const { stdout, stderr } = await compositor(
      ['record', '-', '--out', folder, '--json'],
      JSON.stringify(job),
    );
    const result = lastLine(stdout);
    expect(result, stderr).toMatchObject({ status: 'completed', error: null });
    const { video, audio } = await inspectRecording(result.file);
    expect(video).toBeNull();
    expect(audio).toMatchObject({ codec: 'aac' });
    expect(Math.abs(Number(audio?.durationS) - 3)).toBeLessThan(0.6);
  });

  test.each([
    ['text that is not JSON', '{"call":', 'not JSON'],
    [
      'an unknown layout',
      '{"call":{"id":"a"},"source":{"kind":"demo"},"recording":{"layout":{"name":"gird"}}}',
      'did you mean "grid"?',
    ],
  ])('refuses %s before it starts anything', async (_what, job, message) => {
    // No program can be found, so whatever is started fails with another error than the one that is expected.
    const nowhere = { PATH: folder, COMPOSITOR_CHROMIUM: '/no/such/browser' };
    const { stdout, stderr, code } = await compositor(['record', '-', '--json'], job, nowhere);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(lastLine(stdout)).toMatchObject({ status: 'failed', end_reason: 'invalid_request', file: null });
  });

  test('goes on where its Redis is killed, and Ctrl-C stores what was recorded', async () => {
    const job = { call: { id: 'a' }, source: { kind: 'demo' }, recording: { quality: '360p' } };
    const steps = [
      { atS: 2, act: (pid: string) => execFileSync('pkill', ['-9', '-P', pid, 'redis-server']) },
      { atS: 8, act: (pid: string) => process.kill(Number(pid), 'SIGINT') },
    ];

    const { stdout, stderr, code, lingeredMs } = await compositor(
      ['record', '-', '--out', folder, '--json'],
      JSON.stringify(job),
      {},
      (child, text) => {
        // A machine under load prints no line for some seconds.
        const elapsedS = Number([...text.matchAll(/recording {2}(\d+) s/g)].at(-1)?.[1] ?? 0);
        if (steps[0] && elapsedS >= steps[0].atS) steps.shift()?.act(String(child.pid));
      },
    );
    // Nothing of the Redis that was lost keeps the process alive.
    expect(lingeredMs).toBeLessThan(3_000);
    expect(code, stderr).toBe(0);
    const result = lastLine(stdout);
    expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped', gaps: [] });
    expect(result.duration_s).toBeGreaterThan(6);
  });

  test('refuses a job file that does not exist', async () => {
    const { stderr, code } = await compositor(['record', '/no/such/job.json']);
    expect(code).toBe(2);
    expect(stderr).toContain('/no/such/job.json');
  });
});

test.concurrent('the doctor names what it has found', async () => {
  const { stdout } = await compositor(['doctor']);
  expect(stdout).toMatch(/ok +Chromium or Chrome: .*(Chromium|Chrome) \d+/);
});
