import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { freePort } from '../support/freePort.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import {
  type BrowserPublishers,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { type LiveKit, livekitMissing, startLiveKit } from '../support/startLiveKit.ts';

const missing = livekitMissing ?? publishersMissing;
if (missing) console.warn(`SKIPPED: LiveKit recordings (${missing})`);

const ANA = { name: 'Ana', hueDeg: 0, toneHz: 440 };
const BEN = { name: 'Ben', hueDeg: 120, toneHz: 660 };
const CAM = { name: 'Cam', hueDeg: 240, toneHz: 880 };

/**
 * The lowest level of a participant's steady tone in the recording, and the highest level when it is silent.
 */
const HEARD_DB = -45;
const SILENT_DB = -60;

describe.skipIf(missing)('a LiveKit call', () => {
  let compositor: Compositor;
  let liveKit: LiveKit;
  let publishers: BrowserPublishers;

  beforeAll(async () => {
    liveKit = await startLiveKit();
    publishers = await startBrowserPublishers({ livekit: liveKit, roomName: '' });
    compositor = await startCompositor(workerEnv());
  });

  const workerEnv = () => ({
    LIVEKIT_API_KEY: liveKit.apiKey,
    LIVEKIT_API_SECRET: liveKit.apiSecret,
    // Nothing here looks at timing, so that more calls are recorded at once than a worker would take.
    COMPOSITOR_COST_SCALE: '0.5',
  });

  afterAll(async () => {
    await compositor?.close();
    await publishers?.stop();
    await liveKit?.stop();
  });

  /** Each test has a room of its own. */
  const join = (roomName: string, person: typeof ANA) =>
    publishers.join({ ...person, identity: `${person.name} in ${roomName}`, roomName });

  const job = (
    room: string,
    extra: { source?: object; limits?: object; quality?: string; videos?: string } = {},
  ) => ({
    call: { id: room },
    source: { kind: 'livekit', url: liveKit.url, ...extra.source },
    recording: {
      quality: extra.quality ?? '360p',
      videos: extra.videos ?? 'drawn',
      layout: { name: 'grid' },
    },
    limits: { max_duration_s: 60, ready_timeout_s: 20, ...extra.limits },
  });

  // Drawn videos are recorded by the other tests.
  test('is recorded with the picture and sound of its people as they come, share and leave', {
    timeout: 180_000,
  }, async () => {
    const room = 'standup';
    const [ana, ben, cam] = [await join(room, ANA), await join(room, BEN), await join(room, CAM)];
    const run = compositor.start(job(room, { quality: '720p', videos: 'decoded' }));
    await run.seen('call.recording_started');
    await elapsed(run, 5);
    await ana.leave();
    const leftAtS = lastElapsed(run);
    await elapsed(run, leftAtS + 4);
    await ben.shareScreen({ hueDeg: 60 });
    const sharedAtS = lastElapsed(run);
    await elapsed(run, sharedAtS + 5);
    await run.stop();
    const result = await run.result;
    await Promise.all([ben.leave(), cam.leave()]);

    expect(result).toMatchObject({
      status: 'completed',
      error: null,
      end_reason: 'stopped',
      warnings: [],
    });
    const recording = await inspectRecording(String(result.file));
    if (process.env.KEEP_FRAMES) await saveLooks(recording, [0, 4, leftAtS + 3, sharedAtS + 4]);
    expect(recording.video).toMatchObject({ codec: 'h264', widthPx: 1280, heightPx: 720 });
    expect(recording.audio).toMatchObject({ codec: 'aac', channels: 2 });
    expect(Math.abs(Number(recording.video?.durationS) - result.duration_s)).toBeLessThan(0.1);
    expect(Math.abs(Number(recording.audio?.durationS) - result.duration_s)).toBeLessThan(0.1);
    expect(await recording.isBlack(0)).toBe(false);

    // Three tiles of equal size, two above and one in the middle below. Each shows its own colour and moves.
    const cells = [
      { xPx: 330, yPx: 120, widthPx: 100, heightPx: 100 },
      { xPx: 850, yPx: 120, widthPx: 100, heightPx: 100 },
      { xPx: 590, yPx: 480, widthPx: 100, heightPx: 100 },
    ];
    const hues = await Promise.all(
      cells.map(async (rect) => dominant(await recording.meanColorAt({ atS: 4, rect }))),
    );
    expect(hues).toEqual(['red', 'green', 'blue']);
    for (const { xPx, yPx } of cells) {
      const rect = { xPx: xPx - 200, yPx: yPx - 50, widthPx: 400, heightPx: 200 };
      expect(await recording.motionIn({ fromS: 2, toS: 4, rect })).toBeGreaterThan(0.5);
    }

    // All three are heard. The one who left is then silent, and the others are still heard.
    for (const { toneHz } of [ANA, BEN, CAM]) {
      expect(await recording.toneLevelDb({ fromS: 2, toS: 4.5, hz: toneHz })).toBeGreaterThan(HEARD_DB);
    }
    const afterS = { fromS: leftAtS + 2, toS: leftAtS + 4 };
    expect(await recording.toneLevelDb({ ...afterS, hz: ANA.toneHz })).toBeLessThan(SILENT_DB);
    expect(await recording.toneLevelDb({ ...afterS, hz: BEN.toneHz })).toBeGreaterThan(HEARD_DB);

    // The shared screen fills the spotlight. It is white below its upper fifth.
    const [red, green, blue] = await recording.meanColorAt({
      atS: sharedAtS + 4,
      rect: { xPx: 500, yPx: 250, widthPx: 280, heightPx: 150 },
    });
    expect(Math.min(red, green, blue)).toBeGreaterThan(200);
  });

  test.concurrent('ends the recording when it ends', async () => {
    const ana = await join('deleted', ANA);
    const run = compositor.start(job('deleted'));
    await run.seen('call.recording_started');
    await elapsed(run, 2);
    await liveKit.rooms.deleteRoom('deleted');
    expect(await run.result).toMatchObject({ status: 'completed', error: null, end_reason: 'call_ended' });
    await ana.leave().catch(() => {});
  });

  test.concurrent('ends the recording when it has been empty for the limit, and not when somebody leaves for a moment', {
    timeout: 180_000,
  }, async () => {
    const first = await join('empty', ANA);
    const run = compositor.start(job('empty', { limits: { empty_timeout_s: 5 } }));
    await run.seen('call.recording_started');
    await first.leave();
    await elapsed(run, 3);
    const second = await join('empty', BEN);
    await elapsed(run, 9);
    const backS = lastElapsed(run);
    await second.leave();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'call_empty' });
    expect(result.duration_s).toBeGreaterThan(backS + 4);
  });

  test.concurrent('whose token is refused fails at once, and the error says so', async () => {
    const token = `${await liveKit.createToken({ roomName: 'refused', identity: 'rec' })}x`;
    const result = await compositor.record(job('refused', { source: { token } }));
    expect(result).toMatchObject({ status: 'failed', file: null, end_reason: 'call_refused' });
    expect(result.error?.message).not.toContain(token);
  });

  test.concurrent('whose server cannot be reached fails within 20 s', async () => {
    const run = compositor.start(job('nowhere', { source: { url: `ws://127.0.0.1:${await freePort()}` } }));
    const result = await run.result;
    expect(result).toMatchObject({ status: 'failed', file: null, end_reason: 'call_unreachable' });
    // The time counts from when the worker had room for the recording.
    const tookMs = Date.parse(result.ended_at) - Date.parse(String(run.events[0]?.created_at));
    expect(tookMs).toBeLessThan(20_000);
  });

  test.concurrent('that is encrypted end to end is seen and heard with its key, and not without it', {
    timeout: 180_000,
  }, async () => {
    const e2eeKey = 'a key that the people of the call share';
    const ana = await publishers.join({ ...BEN, identity: 'encrypted', roomName: 'encrypted', e2eeKey });
    const [withKey, without] = await Promise.all(
      [{ e2ee_key: e2eeKey }, {}].map(async (source) => {
        const result = await compositor.record(
          job('encrypted', { source, limits: { max_duration_s: 5, ready_timeout_s: 6 } }),
        );
        expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'max_duration' });
        const recording = await inspectRecording(String(result.file));
        const rect = { xPx: 200, yPx: 50, widthPx: 100, heightPx: 100 };
        const [red, green, blue] = await recording.meanColorAt({ atS: 4, rect });
        const toneDb = await recording.toneLevelDb({ fromS: 2, toS: 4.5, hz: BEN.toneHz });
        return { greenness: green - Math.max(red, blue), toneDb };
      }),
    );
    await ana.leave();
    expect(withKey?.greenness).toBeGreaterThan(60);
    expect(withKey?.toneDb).toBeGreaterThan(HEARD_DB);
    expect(without?.greenness).toBeLessThan(30);
    // What is heard without the key is noise, which has a little of every tone.
    expect(Number(withKey?.toneDb) - Number(without?.toneDb)).toBeGreaterThan(15);
    expect(compositor.log()).toContain('is encrypted end to end; source.e2ee_key is missing');
    expect(compositor.log()).not.toContain(e2eeKey);
  });

  // The server is everybody's, so this one is recorded alone.
  test('is recorded further when its server does not answer for 8 s', { timeout: 180_000 }, async () => {
    const ana = await join('silent', ANA);
    const run = compositor.start(job('silent'));
    await elapsed(run, 2);
    process.kill(liveKit.pid, 'SIGSTOP');
    try {
      await elapsed(run, 10);
    } finally {
      process.kill(liveKit.pid, 'SIGCONT');
    }
    await elapsed(run, 14);
    await run.stop();
    const result = await run.result;
    expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped' });
    const recording = await inspectRecording(String(result.file));
    expect(await recording.toneLevelDb({ fromS: 12, toS: 13.5, hz: ANA.toneHz })).toBeGreaterThan(HEARD_DB);
    await ana.leave();
  });

  test('goes on in another worker while its own still records it, also where both have the same token', {
    timeout: 180_000,
  }, async () => {
    const own = await startCompositor(workerEnv());
    onTestFinished(() => own.close());
    const ana = await join('handed', ANA);
    const token = await liveKit.createToken({ roomName: 'handed', identity: 'rec', hidden: true });
    const runs = [job('handed'), job('handed', { source: { token } })].map((one) => own.start(one));
    await Promise.all(runs.map((run) => elapsed(run, 3)));
    const other = await startCompositor(own.env as Record<string, string>);
    onTestFinished(() => other.close());
    await own.leave();
    await Promise.all(runs.map((run) => elapsed(run, lastElapsed(run) + 5)));
    for (const run of runs) {
      const untilS = lastElapsed(run);
      await run.stop();
      const result = await run.result;
      expect(result).toMatchObject({ status: 'completed', error: null, end_reason: 'stopped', attempt: 1 });
      expect(result.gaps).toHaveLength(1);
      const recording = await inspectRecording(String(result.file));
      const endS = { fromS: untilS - 2, toS: untilS };
      expect(await recording.toneLevelDb({ ...endS, hz: ANA.toneHz })).toBeGreaterThan(HEARD_DB);
    }
    await ana.leave();
  });
});

function dominant([red, green, blue]: readonly number[]): string {
  const most = Math.max(Number(red), Number(green), Number(blue));
  return most === red ? 'red' : most === green ? 'green' : 'blue';
}

async function saveLooks(
  recording: Awaited<ReturnType<typeof inspectRecording>>,
  timesS: number[],
): Promise<void> {
  for (const atS of timesS)
    await recording.saveFrame(atS, `${process.env.KEEP_FRAMES}/livekit-${atS.toFixed(0)}.png`);
}
