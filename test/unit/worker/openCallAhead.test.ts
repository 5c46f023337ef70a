import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { mayOpenTwice } from '../../../shared/request/mayOpenTwice.ts';
import { parseRecordingRequest } from '../../../shared/request/parseRecordingRequest.ts';
import type { OutputRequest } from '../../../shared/request/recordingRequest.ts';
import type { LiveKitCallSource } from '../../../shared/sources/callSource.ts';
import type { BrowserPool } from '../../../worker/browser/browserPool.ts';
import { createLog } from '../../../worker/log.ts';
import type { OpenCallDeps } from '../../../worker/openCall.ts';
import { type OpenCallAhead, openCallAhead } from '../../../worker/openCallAhead.ts';
import { createLayoutInUse, type KeptLayout } from '../../../worker/page/layoutInUse.ts';
import type { RecordingManifest } from '../../../worker/recording/manifest.ts';
import { RecordingError } from '../../../worker/recordingError.ts';
import { type JobDeps, openJobAhead, prepareJob } from '../../../worker/recordJob.ts';
import { readWorkerConfig } from '../../../worker/workerConfig.ts';
import { requestOf } from '../../support/requestOf.ts';

const KEYS = { LIVEKIT_API_KEY: 'api-key', LIVEKIT_API_SECRET: 'a-secret-for-tests-of-more-than-32-letters' };
const TOKEN = 'a-token-that-nobody-may-read';
const EXTERNAL = { recording: { layout: { external_app_url: 'https://app.example' } } };
const LIVEKIT = { kind: 'livekit', url: 'wss://lk.example' };

const request = requestOf('r1', { call: { id: 'c' }, source: { kind: 'app', token: TOKEN }, ...EXTERNAL });

/** A call whose browser does not start, for a reason that quotes the token. */
function openWithout(browser: () => Promise<never>) {
  const lines: unknown[] = [];
  const log = createLog('silent');
  const refills: string[] = [];
  const browsers: BrowserPool = {
    take: browser,
    refill: () => refills.push('refilled'),
    close: async () => {},
  };
  const listening = Object.assign(Object.create(log), { warn: (line: unknown) => lines.push(line) });
  const deps = {
    ...{ browsers, layoutAppUrl: '', usageLimits: {} as OpenCallDeps['usageLimits'], log: listening },
    clock: { nowMs: () => performance.now() },
  };
  const layout = Promise.resolve(createLayoutInUse(request.layout));
  const given = { request: Promise.resolve(request), layout, mayOpenTwice: false };
  return { call: openCallAhead(given, { start: null }, deps), lines, refills };
}

test('a call that cannot be opened ahead is logged without the secrets of its job', async () => {
  const failure = new RecordingError('page_error', `https://app.example shows an error: 401 for ${TOKEN}`);
  const { call, lines } = openWithout(() => Promise.reject(failure));
  expect(await call.isReady).toBe(false);
  expect(lines).toEqual([{ reason: 'https://app.example shows an error: 401 for [redacted]' }]);
});

test('a call that was opened ahead and is given up leaves room for a warm browser', async () => {
  const { call, refills } = openWithout(() => new Promise(() => {}));
  expect(refills).toEqual([]);
  await call.close();
  expect([await call.isReady, refills]).toEqual([false, ['refilled']]);
});

test.each([
  { of: 'a demo', job: { source: { kind: 'demo' } }, expected: true },
  { of: 'a LiveKit call whose token the worker mints', job: { source: LIVEKIT }, expected: true },
  {
    of: 'a LiveKit call with a token of its own',
    job: { source: { ...LIVEKIT, token: TOKEN } },
    expected: false,
  },
  { of: 'a LiveKit call in an external app', job: { source: LIVEKIT, ...EXTERNAL }, expected: false },
  { of: 'an external app', job: { source: { kind: 'app' }, ...EXTERNAL }, expected: false },
])('whether the page of $of may be open twice: $expected', ({ job, expected }) => {
  expect(mayOpenTwice(parseRecordingRequest('r1', { call: { id: 'c' }, ...job }))).toBe(expected);
});

/** What a worker shares whose recordings are in a folder of their own. `warned` takes the lines that it logs. */
async function aWorker(warned: unknown[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'test-ahead-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const env = { COMPOSITOR_RECORDINGS_DIR: folder, COMPOSITOR_ALLOW_PRIVATE_URLS: '1', ...KEYS };
  const log = createLog('silent');
  const deps = {
    config: readWorkerConfig(env),
    browsers: { refill: () => {}, take: () => new Promise(() => {}) },
    layoutAppUrl: '',
    listeners: [],
    records: { publish: () => {}, settled: async () => {} },
    secretsOf: () => async () => '',
    deliveries: { listenerFor: () => () => {}, kept: async () => {} },
    minutes: { refuseIfUsedUp: async () => {}, note: async () => false },
    log: Object.assign(Object.create(log), { warn: (line: unknown) => warned.push(line) }),
    clock: { nowMs: () => performance.now(), nowUnixMs: () => Date.now() },
  } as unknown as JobDeps;
  return { folder, deps };
}

/** A job that a worker has taken whose call was opened ahead. */
function takenJob(payload: object, ahead: OpenCallAhead) {
  return {
    ...{ id: 'r1', payload, attempt: 1, lostTooOften: null, outOfReach: null },
    ...{ onLayoutChange: () => {}, onPause: () => {}, onPictureAsked: () => {} },
    ...{ stop: new AbortController().signal, lost: new AbortController().signal },
    ...{ publish: () => {}, mayTryAgain: () => false },
    ...{ manifest: { given: null, save: async () => {} }, captured: () => {}, handedOver: () => {} },
    costs: () => {},
    confirmed: async () => {},
    ahead,
  };
}

const toJudge = (payload: object, more: object = {}) => ({
  ...{ id: 'r1', payload, lostTooOften: null },
  manifest: { ended: null, start: null, ...more },
});

test('a recording goes on with the token that was minted ahead, and tells nobody of it', async () => {
  const { deps } = await aWorker();
  const payload = { call: { id: 'c' }, source: LIVEKIT };
  const opened = openJobAhead(toJudge(payload), { onLayoutChange: () => {} }, deps);
  const { token } = (await opened.request).source as LiveKitCallSource;
  await opened.close();
  const refused = new RecordingError('call_refused', `the server refuses ${token}`);
  const job = takenJob(payload, { ...opened, take: () => Promise.reject(refused) });
  const { error } = await prepareJob(job, deps).run();
  expect(error?.message).toBe('the server refuses [redacted]');
});

const DEMO = {
  call: { id: 'c' },
  source: { kind: 'demo' },
  recording: { layout: { name: 'grid', options: { 'title.text': 'Standup' } } },
};
const SPOTLIGHT = { name: 'spotlight', options: {}, external_css_url: 'https://css.example/?token=t' };

/** What another worker has left of a recording in a folder, without a picture. */
async function leftIn(folder: string, layout: KeptLayout): Promise<RecordingManifest> {
  const partPath = join(folder, 'a.mp4.part');
  await writeFile(partPath, '');
  const file = { key: 'a.mp4', mediaType: 'video/mp4', kind: 'local', partPath };
  const { name } = requestOf('r1', DEMO).outputs[0] as OutputRequest;
  return {
    ...{ version: 1, recordingId: 'r1', startedAt: { unixMs: Date.now(), monotonicMs: 0, bootId: '' } },
    ...{ start: null, warnings: [], gaps: [], pauses: [], decodedS: 0, counts: [], ended: null },
    outputs: [{ name, file, failure: null, stored: null }],
    layout,
  };
}

test.each([
  'goes on with its files',
  'begins anew without them',
])('a worker that %s shows the layout that the one before was told, although Redis has forgotten it', async (how) => {
  const { folder, deps } = await aWorker();
  const opened = openJobAhead(toJudge(DEMO), { onLayoutChange: () => {} }, deps);
  onTestFinished(opened.close);
  const stop = new AbortController();
  const shown: unknown[] = [];
  const take: OpenCallAhead['take'] = async ({ layout }) => {
    shown.push(layout.now());
    stop.abort('stopped');
    throw new RecordingError('page_crashed', 'the tab crashed');
  };
  const left = await leftIn(folder, { written: SPOTLIGHT, command: '2-0' });
  const job = { ...takenJob(DEMO, { ...opened, take }), stop: stop.signal };
  const given = how.startsWith('goes')
    ? { manifest: { ...job.manifest, given: left } }
    : { outOfReach: left };
  await prepareJob({ ...job, ...given }, deps).run();
  expect(shown).toEqual([requestOf('r1', { ...DEMO, recording: { layout: SPOTLIGHT } }).layout]);
});

test('a call is opened ahead with the layout that the manifest has', async () => {
  const warned: unknown[] = [];
  const { deps } = await aWorker(warned);
  const layout = { written: { ...SPOTLIGHT, name: 'of a later worker' }, command: '2-0' };
  const opened = openJobAhead(toJudge(DEMO, { layout }), { onLayoutChange: () => {} }, deps);
  await opened.request;
  await opened.close();
  expect(warned).toEqual([
    { recordingId: 'r1', reason: expect.stringContaining('unknown layout "of a later worker"') },
  ]);
});

test.each([
  undefined,
  true,
])('a call is opened ahead as the manifest says that its videos come into the picture: draws %s', async (draws) => {
  const { deps } = await aWorker();
  const payload = { ...DEMO, recording: { ...DEMO.recording, videos: 'decoded' } };
  const opened = openJobAhead(toJudge(payload, { draws }), { onLayoutChange: () => {} }, deps);
  expect((await opened.request).videos).toBe(draws ? 'drawn' : 'decoded');
  await opened.close();
});
