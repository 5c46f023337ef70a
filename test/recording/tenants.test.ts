import { expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';
import { startCompositor } from '../support/startCompositor.ts';

const LIMITS = { small: { size_mib: 0.1 }, short: { minutes_per_month: 0.05 } };

const jobOf = (tenant: string) => ({
  tenant,
  call: { id: tenant },
  source: { kind: 'demo', participants: 2 },
  recording: { quality: '360p' },
  limits: { max_duration_s: 60 },
});

test('a recording ends at the size or the minutes of its tenant, and is kept', async () => {
  const compositor = await startCompositor({ COMPOSITOR_TENANT_LIMITS: JSON.stringify(LIMITS) });
  try {
    const [small, short] = await Promise.all([jobOf('small'), jobOf('short')].map(compositor.record));
    expect(small).toMatchObject({ status: 'completed', error: null, end_reason: 'max_size' });
    expect(small?.size_bytes).toBeGreaterThan(0.1 * 2 ** 20);
    expect(small?.duration_s).toBeLessThan(40);
    expect(short).toMatchObject({ status: 'completed', error: null, end_reason: 'tenant_minutes' });
    expect(short?.duration_s).toBeGreaterThan(2.5);
    expect(short?.duration_s).toBeLessThan(10);
    for (const result of [small, short]) {
      const { errors, videoFrameCount } = await (await inspectRecording(String(result?.file))).decodeAll();
      expect({ errors, videoFrameCount }).toEqual({ errors: [], videoFrameCount: result?.frames });
    }
    const refused = await compositor.record(jobOf('short'));
    expect(refused).toMatchObject({
      status: 'failed',
      file: null,
      ready_signal: null,
      error: { blame: 'caller' },
    });
    expect(refused.error?.message).toMatch(/^The tenant short has used up the 0.05 minutes/);
  } finally {
    await compositor.close();
  }
});
