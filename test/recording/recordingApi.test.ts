import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EgressClient, EncodedFileOutput } from 'livekit-server-sdk';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { inspectRecording, type Rgb } from '../support/inspectRecording.ts';
import {
  type BrowserPublishers,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
import { serveApp } from '../support/serveApp.ts';
import { clientMissing, curlClient, nodeClient } from '../support/snippets/clients.ts';
import { readSnippets } from '../support/snippets/readSnippets.ts';
import { KEYS, signToken } from '../support/startApi.ts';
import { type Compositor, startCompositor } from '../support/startCompositor.ts';
import { type LiveKit, livekitMissing, startLiveKit } from '../support/startLiveKit.ts';

const MAIN = fileURLToPath(new URL('../../dist/worker/main.js', import.meta.url));
const SDK = 'node-0.7.64';
const missing = livekitMissing ?? publishersMissing;
if (missing) console.warn(`SKIPPED: recordings started over the API (${missing})`);

describe.skipIf(missing)('a recording that is started over the API', () => {
  let compositor: Compositor;
  let liveKit: LiveKit;
  let publishers: BrowserPublishers;
  let server: ChildProcess;
  let url: string;
  let left: Promise<unknown>;
  const log: string[] = [];
  const { key: apiKey, secret } = KEYS.acme;
  const token = () => signToken({}, 'acme');

  beforeAll(async () => {
    url = `http://127.0.0.1:${await freePort()}`;
    liveKit = await startLiveKit({ departureTimeoutS: 1, webhookUrl: `${url}/webhooks/livekit/acme` });
    publishers = await startBrowserPublishers({ livekit: liveKit, roomName: 'room-of-standup' });
    compositor = await startCompositor();
    const path = join(compositor.recordingsDir, 'api.json');
    await writeFile(path, JSON.stringify(configFor(url, liveKit)));
    server = spawn(process.execPath, [MAIN, 'serve', '--config', path], {
      env: compositor.env,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    left = new Promise((resolve) => server.once('exit', resolve));
    server.stderr?.on('data', (chunk) => log.push(String(chunk)));
    await eventually('the server answers', async () => (await fetch(`${url}/healthz`)).ok, {
      withinMs: 30_000,
    });
  });
  afterAll(async () => {
    server?.kill('SIGTERM');
    expect(await left).toBe(0);
    await compositor?.close();
    await publishers?.stop();
    await liveKit?.stop();
  });

  async function ask(path: string, method = 'GET') {
    const response = await fetch(`${url}${path}${path.includes('?') ? '&' : '?'}api_key=${apiKey}`, {
      method,
      headers: { authorization: await token() },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  /** What the workers have told of the recordings of a call. */
  async function told(callCid: string) {
    const entries = await compositor.redis.xrange('call-compositor:test-recordings:events', '-', '+');
    return entries
      .map(([, fields]) => JSON.parse(String(fields[1])))
      .filter(({ call_cid }) => call_cid === callCid) as {
      result?: { file: string | null };
    }[];
  }
  const newest = async (callId: string) => {
    const { body } = await ask(`/api/v1/recordings?call_id=${callId}`);
    return (body.recordings as { state: string; id: string; duration_s: number }[])[0];
  };

  test('is that of the LiveKit room that its call type maps to, and is listed, handed out and deleted', async () => {
    await publishers.join({ identity: 'Ana', name: 'Ana', hueDeg: 0, toneHz: 440 });
    const setting = { url, apiKey, secret, token: await token(), callId: 'standup', callTypeName: 'default' };
    const sdkMissing = clientMissing(SDK);
    if (sdkMissing) console.warn(`The call is recorded with curl alone: ${sdkMissing}`);
    const [client, tab] = sdkMissing
      ? [curlClient(setting), 'cURL']
      : [await nodeClient(SDK, setting), 'JavaScript'];
    const { snippets } = readSnippets();
    const snippet = (name: RegExp) => {
      const found = snippets.find((one) => one.tab === tab && name.test(one.code));
      if (!found) throw new Error(`no snippet of ${tab} has ${name}`);
      return found;
    };
    await client.run(snippet(/start_?recording/i));
    await eventually('the call is recorded', async () => (await newest('standup'))?.state === 'recording', {
      withinMs: 60_000,
    });
    const events = async () =>
      (await ask(`/api/v1/recordings/${(await newest('standup'))?.id}`)).body.events as { type: string }[];
    await eventually(
      'the recording has started',
      async () => (await events()).some(({ type }) => type === 'call.recording_started'),
      { withinMs: 30_000 },
    );
    await client.run(snippet(/stop_?recording/i));
    await eventually('the recording is stored', async () => (await newest('standup'))?.state === 'ready', {
      withinMs: 60_000,
    });

    const { recordings } = (await ask('/api/v2/video/call/default/standup/recordings')).body as {
      recordings: { url: string; filename: string; session_id: string }[];
    };
    const [listed] = recordings;
    if (!listed) throw new Error('no recording is listed');
    const file = Buffer.from(await (await fetch(listed.url)).arrayBuffer());
    const copy = join(compositor.recordingsDir, 'copy.mp4');
    await writeFile(copy, file);
    expect((await inspectRecording(copy)).durationS).toBeGreaterThan(0);
    const address = `/video/call/default/standup/${listed.session_id}/recordings/${listed.filename}`;
    expect((await ask(address, 'DELETE')).status).toBe(200);
    expect((await fetch(listed.url)).status).toBe(404);
    expect(log.join('')).not.toMatch(/eyJ|signature=|acme-key/);
  }, 150_000);

  test('in a template of LiveKit gets another layout while it runs', async () => {
    const app = await serveApp('livekit');
    onTestFinished(async () => void (await app.close()));
    const roomName = 'template';
    const people = [
      { identity: 'Red', name: 'Red', hueDeg: 0, toneHz: 440, roomName },
      { identity: 'Sea', name: 'Sea', hueDeg: 240, toneHz: 660, roomName },
    ];
    for (const person of people) await publishers.join(person);
    const egress = new EgressClient(url, apiKey, secret);
    const file = new EncodedFileOutput({ filepath: 'template.mp4' });
    const { egressId } = await egress.startRoomCompositeEgress(roomName, file, {
      layout: 'grid',
      customBaseUrl: app.url(),
    });
    const becomes = (status: number) =>
      eventually(
        `it has the status ${status}`,
        async () => {
          const [info] = await egress.listEgress({ egressId });
          return info?.status === status;
        },
        { withinMs: 60_000 },
      );
    /** Resolves when the call was recorded for so many seconds more. */
    const recordedFor = (seconds: number) => {
      const untilMs = performance.now() + seconds * 1000;
      return eventually(`${seconds} s more are recorded`, () => performance.now() > untilMs);
    };
    await becomes(1);
    await recordedFor(4);
    const updated = await egress.updateLayout(egressId, 'single-speaker');
    expect(updated.request).toMatchObject({ value: { layout: 'single-speaker' } });
    await recordedFor(3);
    await egress.stopEgress(egressId);
    await becomes(3);
    await publishers.leaveAll();

    const result = (await told('livekit:template')).find((event) => event.result)?.result;
    const recording = await inspectRecording(String(result?.file));
    const halvesAt = (atS: number) =>
      Promise.all(
        [40, 680].map((xPx) =>
          recording.meanColorAt({ atS, rect: { xPx, yPx: 300, widthPx: 560, heightPx: 200 } }),
        ),
      );
    const [left, right] = await halvesAt(1);
    expect(distance(left, right), 'two people side by side').toBeGreaterThan(150);
    const [leftOfOne, rightOfOne] = await halvesAt(Number(recording.durationS) - 0.5);
    expect(distance(leftOfOne, rightOfOne), 'one person').toBeLessThan(80);
  }, 150_000);

  test('starts by itself when people meet, and ends when they have left', async () => {
    const person = { identity: 'Ben', name: 'Ben', hueDeg: 120, toneHz: 660, roomName: 'meeting-daily' };
    const publisher = await publishers.join(person);
    const becomes = (state: string) =>
      eventually(`it is ${state}`, async () => (await newest('daily'))?.state === state, {
        withinMs: 60_000,
      });
    await becomes('recording');
    await eventually('it has begun', async () => {
      const { body } = await ask(`/api/v1/recordings/${(await newest('daily'))?.id}`);
      return (body.events as { type: string }[]).some(({ type }) => type === 'call.recording_started');
    });
    await publisher.leave();
    await becomes('ready');
    const { body } = await ask('/api/v1/recordings?call_type=meeting&call_id=daily');
    expect(body.recordings).toMatchObject([
      { started_by: { kind: 'auto_on' }, session_id: expect.stringMatching(/^RM_/) },
    ]);
    expect((await newest('daily'))?.duration_s).toBeGreaterThan(0);
  }, 150_000);
});

function distance(a: Rgb | undefined, b: Rgb | undefined): number {
  return Math.max(...[0, 1, 2].map((at) => Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0))));
}

function configFor(url: string, { url: server, apiKey, apiSecret }: LiveKit) {
  const source = {
    kind: 'livekit',
    url: server,
    api_key: apiKey,
    api_secret: apiSecret,
    room: 'room-of-{call_id}',
  };
  const settings = { recording: { mode: 'available', quality: '360p', layout: { name: 'grid' } } };
  const acme = {
    source: { ...source, room: '{call_id}' },
    api_keys: { [KEYS.acme.key]: KEYS.acme.secret },
    call_types: {
      default: { source, settings },
      meeting: {
        source: { ...source, room: 'meeting-{call_id}' },
        settings: { recording: { ...settings.recording, mode: 'auto-on' } },
      },
    },
  };
  const link_secret = 'a secret that signs the links of this test';
  return { listen: url.slice('http://'.length), public_url: url, link_secret, tenants: { acme } };
}
