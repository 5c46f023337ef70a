import { expect, test } from 'vitest';
import type { RecordingEvent } from '../../shared/events/recordingEvents.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

/** There is room for one recording of 360p, and not for two. */
const SMALL = { COMPOSITOR_CORES: '0.6' };

const job = (id: string) => ({
  call: { id },
  source: { kind: 'demo', participants: 1 },
  recording: { quality: '360p' },
  limits: { max_duration_s: 3 },
});

const redisUrl = ({ redis }: Compositor) => `redis://127.0.0.1:${redis.options.port}`;

const timeOf = (event: RecordingEvent | undefined) => Date.parse(String(event?.created_at));
const isProgress = ({ type }: RecordingEvent) => type === 'call.recording_progress';

test('a full worker leaves a job on the queue until it has room, and publishes no event for it before', async () => {
  const compositor = await startCompositor(SMALL);
  try {
    const runs = ['first', 'second'].map((id) => compositor.start(job(id)));
    const results = await Promise.all(runs.map(({ result }) => result));
    expect(results.map(({ status }) => status)).toEqual(['completed', 'completed']);
    const [earlier, later] = runs
      .map(({ events }) => ({ from: timeOf(events[0]), recordedUntil: timeOf(events.findLast(isProgress)) }))
      .sort((a, b) => a.from - b.from);
    // The first one is stored while the second one begins: only a browser needs room.
    expect(Number(later?.from)).toBeGreaterThanOrEqual(Number(earlier?.recordedUntil));
  } finally {
    await compositor.close();
  }
});

test('another worker takes a job that a full worker leaves on the queue', async () => {
  const full = await startCompositor(SMALL);
  const other = await startCompositor({ ...SMALL, REDIS_URL: redisUrl(full) });
  try {
    const results = await Promise.all(['first', 'second'].map((id) => full.record(job(id))));
    const folders = results.map(({ file }) => String(file).startsWith(full.recordingsDir));
    expect(folders.sort()).toEqual([false, true]);
    const [one, two] = results.map(({ started_at, ended_at }) => ({
      from: Date.parse(String(started_at)),
      to: Date.parse(ended_at),
    }));
    expect(Math.max(Number(one?.from), Number(two?.from))).toBeLessThan(
      Math.min(Number(one?.to), Number(two?.to)),
    );
  } finally {
    await other.close();
    await full.close();
  }
});
