import { expect, onTestFinished, test } from 'vitest';
import { elapsed, lastElapsed } from '../support/calls/scenes.ts';
import { inspectRecording, type Recording } from '../support/inspectRecording.ts';
import { keepRecording } from '../support/keepRecording.ts';
import { renderersOf } from '../support/renderersOf.ts';
import { type Compositor, type RecordingRun, startCompositor } from '../support/startCompositor.ts';

/** The top of a picture of 640 x 360, where only the background is. */
const BAND = { xPx: 0, yPx: 0, widthPx: 640, heightPx: 6 };
const FPS = 30;
const COLORS = { red: '#c00000', green: '#00a000', blue: '#0000d0' };
type Color = keyof typeof COLORS;

/** One for each test, since a test may end it. */
async function startOwn(env: Record<string, string> = {}): Promise<Compositor> {
  const compositor = await startCompositor(env);
  onTestFinished(() => compositor.close());
  return compositor;
}

function start(compositor: Compositor): RecordingRun {
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

/** The colours of the background, each with the frame that shows it first. One that is black or not complete has none. */
async function backgroundsOf(recording: Recording): Promise<{ color: Color; fromFrame: number }[]> {
  const seen: { color: Color; fromFrame: number }[] = [];
  for (const [frame, [red, green, blue]] of (await recording.meanColors({ rect: BAND })).entries()) {
    const most = Math.max(red, green, blue);
    expect(most, `some colour in frame ${frame}`).toBeGreaterThan(60);
    const color = most === red ? 'red' : most === green ? 'green' : 'blue';
    if (color !== seen.at(-1)?.color) seen.push({ color, fromFrame: frame });
  }
  return seen;
}

test('the layout of a running recording changes without a cut, a black picture or a gap', async () => {
  const compositor = await startOwn();
  const run = start(compositor);
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
  const backgrounds = await backgroundsOf(recording);
  expect(backgrounds.map(({ color }) => color)).toEqual(['red', 'green']);
  const changedAtS = (backgrounds[1]?.fromFrame ?? 0) / FPS;
  // Progress is told every second.
  expect(changedAtS).toBeGreaterThan(askedAtS - 0.2);
  expect(changedAtS).toBeLessThan(askedAtS + 2);
  expect(compositor.log()).toContain('unknown layout');
});

test('a changed layout outlives its page and its worker', async () => {
  const compositor = await startOwn();
  const run = start(compositor);
  await elapsed(run, 2);
  await run.changeLayout(painted('green'));
  await elapsed(run, 4);
  for (const pid of await renderersOf(compositor.pid)) process.kill(pid, 'SIGKILL');
  await run.seen('call.recording_warning');
  await elapsed(run, lastElapsed(run) + 3);
  const crashedAtS = lastElapsed(run);
  await startOwn(compositor.env as Record<string, string>);
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
  // No page of the recording, in whichever worker, shows again what was changed before it was opened.
  const backgrounds = await backgroundsOf(recording);
  expect(backgrounds.map(({ color }) => color)).toEqual(['red', 'green', 'blue']);
});
