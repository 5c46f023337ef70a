import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectHeard, expectSeen } from '../support/calls/expectPeople.ts';
import { SCENES, type Scene, stopOnceWarned } from '../support/calls/scenes.ts';
import { startCallServer } from '../support/calls/startCallServer.ts';
import { warningsOfCall } from '../support/calls/warningsOfCall.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import { keepRecording } from '../support/keepRecording.ts';
import { serveApp, streamSdkMissing } from '../support/serveApp.ts';
import type { FolderServer } from '../support/serveFolder.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

if (streamSdkMissing) console.warn(`SKIPPED: the app on the Stream SDK (${streamSdkMissing})`);

/** The layouts of the app, and how many people they have room for. At 360p the SDK's bar takes two. */
const PLACES = { spotlight: 3, grid: 9, single_participant: 1 };
type Layout = keyof typeof PLACES;

/** `ALL_CALLS=1` asks for every scene in every layout, 24 recordings. Without it, some scenes in one layout each. */
const CHOSEN: [scene: string, layout: Layout][] = [
  ['nobody comes', 'spotlight'],
  ['nine people', 'grid'],
  ['two more come late', 'spotlight'],
  ['all cameras are muted', 'single_participant'],
  ['all leave', 'grid'],
];
const EVERY = Object.keys(SCENES).flatMap((scene) =>
  (Object.keys(PLACES) as Layout[]).map((layout): (typeof CHOSEN)[number] => [scene, layout]),
);
const CALLS = process.env.ALL_CALLS ? EVERY : CHOSEN;

/** Placeholders are no blank picture. */
const WARNINGS: Readonly<Record<string, string[]>> = {
  'nobody comes': ['picture_blank'],
  'all leave': ['picture_blank'],
};

describe.skipIf(streamSdkMissing)('an app on @stream-io/video-react-sdk', () => {
  let app: FolderServer;
  let server: Awaited<ReturnType<typeof startCallServer>>;
  let compositor: Compositor;

  beforeAll(async () => {
    [app, server] = await Promise.all([serveApp('stream'), startCallServer()]);
    compositor = await startCompositor({ COMPOSITOR_COST_SCALE: '0.5' });
  });

  afterAll(async () => {
    await compositor?.close();
    await Promise.all([server?.close(), app?.close()]);
  });

  test.concurrent.each(CALLS)('is recorded: %s, layout %s', { timeout: 120_000 }, async (name, layout) => {
    const { people, hasCameras, play, cameras } = SCENES[name] as Scene;
    const call = server.open(
      CALLS.findIndex(([scene, of]) => scene === name && of === layout),
      people,
      hasCameras,
    );
    const run = compositor.start({
      call: { id: 'standup' },
      source: { kind: 'demo', participants: 9 },
      recording: {
        quality: '360p',
        layout: { name: layout, options: { people_url: call.url }, external_app_url: app.url() },
      },
      limits: { max_duration_s: 40, ready_timeout_s: 15 },
    });
    await play({ ...call, run });
    if (name === 'all leave') await stopOnceWarned(run, 'picture_blank'); // nobody tells this app that the call is over
    const result = await run.result;
    await keepRecording(result, `stream ${name} ${layout}`);
    expect(result).toMatchObject({ status: 'completed', ready_signal: 'marker', error: null });
    expect(result.end_reason).toBe('stopped');
    expect(warningsOfCall(result.warnings)).toEqual(WARNINGS[name] ?? []);
    const recording = await inspectRecording(String(result.file));
    for (const [atS, count] of cameras) await expectSeen(recording, atS, Math.min(count, PLACES[layout]));
    if (people > 0) await expectHeard(recording, 0.3);
  });
});
