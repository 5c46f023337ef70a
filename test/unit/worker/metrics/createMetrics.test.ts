import { expect, test } from 'vitest';
import type { RecordingEvent, RecordingResult } from '../../../../shared/events/recordingEvents.ts';
import { createMetrics } from '../../../../worker/metrics/createMetrics.ts';
import { serveMetrics } from '../../../../worker/metrics/serveMetrics.ts';

const about = (id: string) => ({ recording_id: id, call_cid: 'default:call', created_at: '' });
const progress = (id: string, frames: number, dropped_frames: number): RecordingEvent => ({
  ...about(id),
  type: 'call.recording_progress',
  elapsed_s: frames / 30,
  frames,
  dropped_frames,
  size_bytes: 0,
});
const phase = (id: string): RecordingEvent => ({
  ...about(id),
  type: 'call.recording_phase',
  phase: 'launching',
});

async function scrape(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

test('counts what recordings report, and each picture once', async () => {
  let isOpen = true;
  const deliveries = async () => ({ waiting: 2, dead: 1 });
  const { registry, note } = createMetrics({ isOpen: () => isOpen, deliveries: () => deliveries() });
  const server = await serveMetrics({ host: '127.0.0.1', port: 0 }, registry);
  try {
    for (const event of [
      phase('a'),
      phase('b'),
      progress('a', 30, 0),
      progress('b', 30, 2),
      progress('a', 60, 5),
    ])
      note(event);
    expect(await scrape(server.url)).toMatchObject({
      call_compositor_recordings_running: 2,
      call_compositor_frames_total: 90,
      call_compositor_dropped_frames_total: 7,
      call_compositor_recorded_seconds_total: 3,
      call_compositor_has_room: 1,
      'call_compositor_deliveries{state="waiting"}': 2,
      'call_compositor_deliveries{state="dead"}': 1,
    });

    const result = {
      status: 'completed',
      end_reason: 'stopped',
      frames: 75,
      dropped_frames: 6,
      duration_s: 2.7,
      decoded_s: 2.5,
    };
    note({ ...about('a'), type: 'call.recording_ready', result: result as RecordingResult });
    isOpen = false;
    expect(await scrape(server.url)).toMatchObject({
      call_compositor_recordings_running: 1,
      call_compositor_frames_total: 105,
      call_compositor_dropped_frames_total: 8,
      call_compositor_decoded_seconds_total: 2.5,
      'call_compositor_recordings_total{status="completed",end_reason="stopped"}': 1,
      call_compositor_has_room: 0,
    });
  } finally {
    await server.close();
  }
});
