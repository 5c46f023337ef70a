import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectHeard, expectSeen, marksOf } from '../support/calls/expectPeople.ts';
import { elapsed, lastElapsed, SCENES, type Scene, stopAt } from '../support/calls/scenes.ts';
import { warningsOfCall } from '../support/calls/warningsOfCall.ts';
import { eventually } from '../support/eventually.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { keepRecording } from '../support/keepRecording.ts';
import {
  type BrowserPublishers,
  type Publisher,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
import { serveApp } from '../support/serveApp.ts';
import type { FolderServer } from '../support/serveFolder.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';
import { type LiveKit, livekitMissing, startLiveKit } from '../support/startLiveKit.ts';

const missing = livekitMissing ?? publishersMissing;
if (missing) console.warn(`SKIPPED: the app on the LiveKit SDK (${missing})`);

// People publish from before their recording has room until it ends, which costs more than the recording itself.
vi.setConfig({ maxConcurrency: 3 });

/** The layouts of the app, and how many people they have room for. */
const PLACES = { speaker: 4, grid: 9, 'single-speaker': 1 };

/** `ALL_CALLS=1` asks for every scene in every layout, 27 recordings. Without it, some scenes in one layout each. */
const CHOSEN: [scene: string, layout: string][] = [
  ['nobody comes', 'speaker'],
  ['nine people', 'grid-light'],
  ['two more come late', 'speaker-dark'],
  ['all leave', 'single-speaker'],
  ['audio only', 'grid'],
];
const EVERY = Object.keys(SCENES).flatMap((scene) =>
  Object.keys(PLACES).map((layout): (typeof CHOSEN)[number] => [scene, layout]),
);
const CALLS = process.env.ALL_CALLS ? EVERY : CHOSEN;
const RESTARTED = process.env.ALL_CALLS ? Object.keys(PLACES) : ['grid'];

/** The app starts when it has the first track, and shows nothing as long as nobody has a camera. */
const WARNINGS: Readonly<Record<string, string[]>> = {
  'nobody comes': ['picture_blank', 'ready_fallback'],
  'audio only': ['picture_blank'],
  'all leave': ['picture_blank'],
};

describe.skipIf(missing)('an app on @livekit/egress-sdk', () => {
  let app: FolderServer;
  let liveKit: LiveKit;
  let publishers: BrowserPublishers;
  let compositor: Compositor;

  beforeAll(async () => {
    [app, liveKit] = await Promise.all([serveApp('livekit'), startLiveKit({ departureTimeoutS: 6 })]);
    publishers = await startBrowserPublishers({ livekit: liveKit, roomName: '' });
    compositor = await startCompositor({ COMPOSITOR_COST_SCALE: '0.5' });
  });

  afterAll(async () => {
    await compositor?.close();
    await publishers?.stop();
    await Promise.all([liveKit?.stop(), app?.close()]);
  });

  async function startCall(roomName: string, layout: string, { people: count, hasCameras }: Scene) {
    const people: Publisher[] = [];
    let joined = 0;
    const join = async () => {
      joined += 1;
      const [identity, name] = [`${roomName} ${joined}`, `Person ${joined}`];
      const request = { identity, name, roomName, camera: hasCameras, ...marksOf(joined - 1) };
      people.push(await publishers.join(request));
    };
    await Promise.all(Array.from({ length: count }, join));
    const rights = { hidden: true, canPublish: false, recorder: true };
    const token = await liveKit.createToken({ roomName, identity: 'recorder', ...rights });
    const run = compositor.start({
      call: { id: roomName },
      source: { kind: 'app', url: liveKit.url, token },
      recording: { quality: '360p', layout: { name: layout, external_app_url: app.url() } },
      limits: { max_duration_s: 60, ready_timeout_s: count === 0 ? 2 : 20 },
    });
    const leaveAll = () => Promise.all(people.splice(0).map((person) => person.leave()));
    const muteCameras = () => Promise.all(people.map((person) => person.mute('camera')));
    return { run, join, muteCameras, leaveAll };
  }

  test.concurrent.each(CALLS)('is recorded: %s, layout %s', { timeout: 120_000 }, async (name, layout) => {
    const scene = SCENES[name] as Scene;
    const call = await startCall(`${name} in ${layout}`, layout, scene);
    await scene.play(call);
    const result = await call.run.result;
    await call.leaveAll();
    await keepRecording(result, `livekit ${name} ${layout}`);
    // The server ends the call some seconds after the last one has left, and then the app says END_RECORDING.
    const endReason = name === 'all leave' ? 'call_ended' : 'stopped';
    expect(result).toMatchObject({ status: 'completed', end_reason: endReason, error: null });
    expect(warningsOfCall(result.warnings)).toEqual(WARNINGS[name] ?? []);
    const recording = await inspectRecording(String(result.file));
    for (const [atS, count] of scene.cameras)
      await expectSeen(recording, atS, Math.min(count, placesOf(layout)));
    if (scene.people > 0) await expectHeard(recording, 0.3);
  });

  test.each(RESTARTED)('is recorded further when the server is restarted, layout %s', {
    timeout: 120_000,
  }, async (layout) => {
    const call = await startCall(`restart in ${layout}`, layout, SCENES['three people'] as Scene);
    await elapsed(call.run, 2);
    const lostAtS = lastElapsed(call.run);
    await liveKit.restart();
    await eventually('the connection is there again', () => hasBeenInterrupted(call.run), {
      withinMs: 60_000,
    });
    const backAtS = lastElapsed(call.run);
    await stopAt(call.run, backAtS + 5);
    const result = await call.run.result;
    await call.leaveAll();
    await keepRecording(result, `livekit restart ${layout}`);
    expect(result).toMatchObject({ status: 'completed', end_reason: 'stopped', error: null });
    const [interruption, ...more] = result.warnings.filter(({ code }) => code === 'call_interrupted');
    expect(more).toEqual([]);
    expect(Math.abs(Number(interruption?.at_s) - lostAtS)).toBeLessThan(2);
    expect(Math.abs(Number(interruption?.until_s) - backAtS)).toBeLessThan(2);
    const recording = await inspectRecording(String(result.file));
    await expectSeen(recording, 1.5, Math.min(3, placesOf(layout)));
    await expectSeen(recording, -0.7, Math.min(3, placesOf(layout)));
    await expectHeard(recording, backAtS + 1);
  });
});

function placesOf(layout: string): number {
  return PLACES[layout.replace(/-(light|dark)$/, '') as keyof typeof PLACES];
}

/** Whether it has been told that the connection was lost, and that it is there again. */
function hasBeenInterrupted({ events }: RecordingRun): boolean {
  return events.some(
    (event) =>
      event.type === 'call.recording_warning' &&
      event.warning.code === 'call_interrupted' &&
      event.warning.until_s !== undefined,
  );
}
