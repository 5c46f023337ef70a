import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { startCompositor } from '../support/startCompositor.ts';
import { startReceiver } from '../support/startReceiver.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const run = promisify(execFile);

const jobFor = (url: string) => ({
  call: { id: 'a' },
  source: { kind: 'demo', participants: 1 },
  recording: { quality: '360p' },
  limits: { max_duration_s: 1 },
  webhook: { url, secret: `whsec_${Buffer.from('a secret for tests only').toString('base64')}` },
});

test('a webhook that never answers delays neither the next recording nor the exit of the worker', async () => {
  const receiver = await startReceiver();
  receiver.answers('is silent');
  const compositor = await startCompositor({ COMPOSITOR_CONCURRENCY: '1' });
  try {
    const first = await compositor.record(jobFor(receiver.url));
    const second = await compositor.record(jobFor(receiver.url));
    expect([first.status, second.status]).toEqual(['completed', 'completed']);
    expect(receiver.received.length).toBeGreaterThan(0);
    await compositor.idle();
    const leavingSinceMs = performance.now();
    await compositor.leave();
    // Closing the browsers and the queue takes a second or two; a request may take 10 s.
    expect(performance.now() - leavingSinceMs).toBeLessThan(5_000);
  } finally {
    await compositor.close();
    await receiver.goDown();
  }
});

test('events of a worker that has left are listed, and another worker delivers them once the webhook is back', async () => {
  const receiver = await startReceiver();
  await receiver.goDown();
  const compositor = await startCompositor();
  const { env } = compositor;
  const list = async () => {
    const { stdout } = await run(process.execPath, [MAIN, 'deliveries', '--json'], { env });
    return JSON.parse(stdout) as { event: string; state: string; recording_id: string; target: string }[];
  };
  try {
    const { recording_id } = await compositor.record(jobFor(receiver.url));
    await compositor.leave();
    const types = ['call.recording_started', 'call.recording_stopped', 'call.recording_ready'];
    const target = new URL(receiver.url).origin;
    const listed = await list();
    expect(listed.filter(({ event }) => event !== 'call.recording_warning')).toMatchObject(
      types.map((event) => ({ event, recording_id, target, state: 'waiting' })),
    );
    expect(JSON.stringify(listed)).not.toContain('whsec_');
    await receiver.comeBack();
    const other = spawn(process.execPath, [MAIN, 'worker'], { stdio: 'ignore', env });
    const exited = once(other, 'exit');
    try {
      await eventually('nothing waits any more', async () => (await list()).length === 0, {
        withinMs: 60_000,
      });
    } finally {
      other.kill('SIGTERM');
      await exited;
    }
    const arrived = receiver.received.filter(({ type }) => type !== 'call.recording_warning');
    expect(arrived.map(({ type, recordingId }) => [type, recordingId])).toEqual(
      types.map((type) => [type, recording_id]),
    );
  } finally {
    await compositor.close();
    await receiver.goDown();
  }
});
