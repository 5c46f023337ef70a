import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectRecording } from '../support/inspectRecording.ts';
import { type FolderServer, serveFolder } from '../support/serveFolder.ts';
import { slotsOf } from '../support/slotsOf.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';

const APPS = fileURLToPath(new URL('../apps/', import.meta.url));
let folder: string;
let plain: FolderServer;
let react: FolderServer;
let compositor: Compositor;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custom-app-'));
  await build({ root: join(APPS, 'react'), configFile: false, logLevel: 'warn', build: { outDir: folder } });
  [plain, react] = await Promise.all([serveFolder(join(APPS, 'plain')), serveFolder(folder)]);
  compositor = await startCompositor();
});

afterAll(async () => {
  await compositor?.close();
  await Promise.all([plain?.close(), react?.close()]);
  await rm(folder, { recursive: true, force: true });
});

test.concurrent('an app in plain HTML that uses the template contract is recorded to the end of its call', async () => {
  const result = await compositor.record({
    call: { id: 'seats' },
    source: { kind: 'app', url: 'wss://rtc.example', token: 'secret' },
    recording: { quality: '360p', layout: { name: 'grid', external_app_url: plain.url() } },
    limits: { max_duration_s: 20 },
  });
  expect(result).toMatchObject({
    status: 'completed',
    error: null,
    ready_signal: 'console',
    end_reason: 'call_ended',
  });
  expect(result.duration_s).toBeGreaterThan(3.5);
  expect(result.duration_s).toBeLessThan(5);
  const recording = await inspectRecording(String(result.file));
  const seat = { yPx: 120, widthPx: 40, heightPx: 40 };
  const isGreen = async (atS: number, xPx: number) => {
    const [red, green] = await recording.meanColorAt({ atS, rect: { ...seat, xPx } });
    return green > red + 60;
  };
  // Three places, then two, then one that fills the picture.
  expect([await isGreen(0.8, 30), await isGreen(0.8, 570)]).toEqual([true, true]);
  expect(await recording.motionIn({ fromS: 0.5, toS: 1.2 })).toBeGreaterThan(0.05);
  expect(compositor.log()).toContain('the seats are simulated');
});

test.concurrent('an error that such an app reports ends the job, and its message is in the result', async () => {
  const result = await compositor.record({
    call: { id: 'seats' },
    source: { kind: 'app' },
    recording: { quality: '360p', layout: { name: 'grid', external_app_url: plain.url() } },
  });
  expect(result).toMatchObject({ status: 'failed', end_reason: 'page_error' });
  expect(result.error?.message).toContain('No url or token was given');
});

test.concurrent('an app in React that uses the setupLayout contract is recorded, and is given its options', async () => {
  const layout = {
    name: 'grid',
    options: { 'layout.background_color': '#0a7d4f' },
    external_app_url: react.url(),
  };
  const result = await compositor.record({
    call: { id: 'cards' },
    recording: { quality: '360p', layout },
    limits: { max_duration_s: 3 },
  });
  expect(result).toMatchObject({
    status: 'completed',
    error: null,
    end_reason: 'max_duration',
    warnings: [],
  });
  expect(slotsOf(result)).toBe(90);
  expect(['message', 'marker', 'console']).toContain(result.ready_signal);
  const recording = await inspectRecording(String(result.file));
  const corner = { xPx: 5, yPx: 5, widthPx: 30, heightPx: 30 };
  const [red, green, blue] = await recording.meanColorAt({ atS: 1, rect: corner });
  expect([red < 60, green > 90, blue < 120]).toEqual([true, true, true]);
  expect(await recording.motionIn({ fromS: 0.5, toS: 2.5 })).toBeGreaterThan(1);
});
