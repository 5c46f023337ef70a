import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { inspectRecording, type Recording } from '../support/inspectRecording.ts';
import { keepRecording } from '../support/keepRecording.ts';
import { renderersOf } from '../support/renderersOf.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';

/** The top of a picture of 640 x 360, where only the background is. */
const BAND = { xPx: 0, yPx: 0, widthPx: 640, heightPx: 6 };
const COLORS = { red: '#c00000', green: '#00a000', blue: '#0000d0' };
type Color = keyof typeof COLORS;

let compositor: Compositor;
beforeAll(async () => {
  compositor = await startCompositor();
});
afterAll(() => compositor?.close());

function start(): RecordingRun {
  return compositor.start({
    call: { id: 'changed' },
    source: { kind: 'demo', participants: 3, script: 'steady' },
    recording: {
      quality: '360p',
      layout: { name: 'grid', options: { 'layout.background_color': COLORS.red } },
    },
    limits: { max_duration_s: 60 },
  });
}

const painted = (color: Color) => ({ options: { 'layout.background_color': COLORS[color] } });

/** The colour of the background at this second; a picture that is black or not complete has none. */
async function backgroundAt(recording: Recording, atS: number): Promise<Color> {
  const [red = 0, green = 0, blue = 0] = await recording.meanColorAt({ atS, rect: BAND });
  const most = Math.max(red, green, blue);
  expect(most, `some colour at ${atS} s`).toBeGreaterThan(60);
  return most === red ? 'red' : most === green ? 'green' : 'blue';
}

test('the layout of a running recording changes without a cut, a black picture or a gap', async () => {
  const run = start();
  await elapsed(run, 2);
  const askedAtS = lastElapsed(run);
  await run.changeLayout({ name: 'spotlight', ...painted('green') });
  await elapsed(run, askedAtS + 3);
  await run.changeLayout({ name: 'no such layout', ...painted('blue') });
  await elapsed(run, askedAtS + 5);
  await run.stop();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null, gaps: [], warnings: [] });
  await keepRecording(result, 'changed layout');
  const recording = await inspectRecording(String(result.file));
  const times = Array.from({ length: Math.floor(result.duration_s * 5) }, (_, index) => index / 5);
  const seen: Color[] = [];
  for (const atS of times) seen.push(await backgroundAt(recording, atS));
  const changedAtS = seen.indexOf('green') / 5;
  expect(seen).toEqual(times.map((atS) => (atS < changedAtS ? 'red' : 'green')));
  // Progress is told every second.
  expect(changedAtS).toBeGreaterThan(askedAtS - 0.2);
  expect(changedAtS).toBeLessThan(askedAtS + 2);
  expect(compositor.log()).toContain('unknown layout');
});

test('a changed layout outlives its page and its worker', async () => {
  const run = start();
  await elapsed(run, 2);
  await run.changeLayout(painted('green'));
  await elapsed(run, 4);
  for (const pid of await renderersOf(compositor.pid)) process.kill(pid, 'SIGKILL');
  await run.seen('call.recording_warning');
  await elapsed(run, lastElapsed(run) + 3);
  const crashedAtS = lastElapsed(run);
  const other = await startCompositor(compositor.env as Record<string, string>);
  onTestFinished(() => other.close());
  await compositor.leave();
  await elapsed(run, crashedAtS + 5);
  const handedAtS = lastElapsed(run);
  await run.changeLayout(painted('blue'));
  await elapsed(run, handedAtS + 4);
  await run.stop();
  const result = await run.result;
  expect(result).toMatchObject({ status: 'completed', error: null });
  expect(result.gaps).toHaveLength(2);
  await keepRecording(result, 'changed layout and then lost');
  const recording = await inspectRecording(String(result.file));
  expect(await backgroundAt(recording, 1)).toBe('red');
  expect(await backgroundAt(recording, crashedAtS - 0.5)).toBe('green');
  expect(await backgroundAt(recording, handedAtS - 0.5)).toBe('green');
  expect(await backgroundAt(recording, result.duration_s - 0.5)).toBe('blue');
});
