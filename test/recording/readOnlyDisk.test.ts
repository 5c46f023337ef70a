import { expect, onTestFinished, test } from 'vitest';
import { mountFailingDisk } from '../support/failingDisk.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { startCompositor } from '../support/startCompositor.ts';

const disk = mountFailingDisk(100);
if (!disk) console.warn('SKIPPED: a disk that becomes read-only (this user may not mount one)');

test.skipIf(!disk)(
  'a recording goes on to its end although the disk of its browser becomes read-only',
  async () => {
    onTestFinished(() => disk?.unmount());
    const compositor = await startCompositor({ TMPDIR: String(disk?.folder) });
    onTestFinished(() => compositor.close());
    const source = { kind: 'demo', participants: 2 };
    const job = { call: { id: 'a' }, source, recording: { quality: '360p' }, limits: { max_duration_s: 4 } };
    const run = compositor.start(job);
    await run.seen('call.recording_started');
    disk?.fail();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, gaps: [] });
    const recording = await inspectRecording(String(result.file));
    expect(Number(recording.durationS)).toBeGreaterThan(3.9);
    expect((await recording.decodeAll()).errors).toEqual([]);
  },
);
