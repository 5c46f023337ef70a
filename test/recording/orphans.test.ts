import { execFile } from 'node:child_process';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Queue } from 'bullmq';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { startCompositor } from '../support/startCompositor.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const run = promisify(execFile);

test('what a killed worker recorded is a playable file afterwards, although its job is gone', async () => {
  const compositor = await startCompositor();
  const { redis, recordingsDir } = compositor;
  const queueName = String(compositor.env.COMPOSITOR_QUEUE);
  const fix = async () => {
    const args = [MAIN, 'orphans', '--fix', '--json'];
    // This throws unless the exit code says that everything was put right.
    const { stdout } = await run(process.execPath, args, { env: compositor.env });
    return JSON.parse(stdout) as { kind: string; place: string; is_fixed: boolean; recording_id: string }[];
  };
  try {
    const recording = compositor.start({
      call: { id: 'a' },
      source: { kind: 'demo', participants: 1 },
      recording: { quality: '360p' },
    });
    recording.result.catch(() => {}); // it never comes
    const seconds = () => recording.events.filter(({ type }) => type === 'call.recording_progress').length;
    await eventually('six seconds are recorded', () => seconds() >= 6, { withinMs: 30_000 });
    process.kill(compositor.pid, 'SIGKILL');
    const queue = new Queue(queueName, { connection: redis });
    await queue.obliterate({ force: true });
    await queue.close();
    await redis.del(`call-compositor:${queueName}:leases`);
    expect(await fix()).toEqual([expect.objectContaining({ kind: 'work_folder', is_fixed: true })]); // the rest is too young
    const longAgo = new Date(Date.now() - 600_000);
    for (const name of await readdir(recordingsDir))
      await utimes(join(recordingsDir, name), longAgo, longAgo);
    const record = `call-compositor:${queueName}:record:${recording.recordingId}`;
    await redis.hset(record, 'updated_at', longAgo.toISOString());
    const fixed = await fix();
    expect(fixed.map(({ kind, is_fixed }) => [kind, is_fixed])).toEqual(
      expect.arrayContaining([
        ['unfinished_file', true],
        ['record', true],
      ]),
    );
    const [name, ...others] = await readdir(recordingsDir);
    expect(others).toEqual([]);
    const { videoFrameCount, errors } = await (
      await inspectRecording(join(recordingsDir, String(name)))
    ).decodeAll();
    expect(videoFrameCount).toBeGreaterThan(45);
    expect(errors).toEqual([]);
    expect(JSON.parse(String(await redis.hget(record, 'result')))).toMatchObject({
      status: 'failed',
      end_reason: 'worker_lost',
      file: join(recordingsDir, String(name)),
      frames: videoFrameCount,
    });
    expect(await fix()).toEqual([]);
  } finally {
    await compositor.close();
  }
});
