import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/freePort.ts';
import { inspectRecording } from '../support/inspectRecording.ts';
import {
  type BrowserPublishers,
  publishersMissing,
  startBrowserPublishers,
} from '../support/publishLiveKit.ts';
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

  beforeAll(async () => {
    liveKit = await startLiveKit();
    publishers = await startBrowserPublishers({ livekit: liveKit, roomName: 'room-of-standup' });
    compositor = await startCompositor();
  });
  afterAll(async () => {
    await compositor?.close();
    await publishers?.stop();
    await liveKit?.stop();
  });

  test('is that of the LiveKit room that its call type maps to, and is listed, handed out and deleted', async () => {
    await publishers.join({ identity: 'Ana', name: 'Ana', hueDeg: 0, toneHz: 440 });
    const url = `http://127.0.0.1:${await freePort()}`;
    const path = join(compositor.recordingsDir, 'api.json');
    await writeFile(path, JSON.stringify(configFor(url, liveKit)));
    const server = spawn(process.execPath, [MAIN, 'serve', '--config', path], {
      env: compositor.env,
      stdio: ['ignore', 'inherit', 'pipe'],
    });
    const left = new Promise((resolve) => server.once('exit', resolve));
    const log: string[] = [];
    server.stderr.on('data', (chunk) => log.push(String(chunk)));
    try {
      await eventually('the server answers', async () => (await fetch(`${url}/healthz`)).ok, {
        withinMs: 30_000,
      });
      const { key: apiKey, secret } = KEYS.acme;
      const token = await signToken({}, 'acme');
      const setting = { url, apiKey, secret, token, callId: 'standup', callTypeName: 'default' };
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
      const ask = async (path: string, method = 'GET') => {
        const response = await fetch(`${url}${path}?api_key=${apiKey}`, {
          method,
          headers: { authorization: token },
        });
        return { status: response.status, body: (await response.json()) as Record<string, unknown> };
      };
      const newest = async () =>
        (
          (await ask('/api/v1/recordings')).body.recordings as {
            state: string;
            id: string;
            duration_s: number;
          }[]
        )[0];

      await client.run(snippet(/start_?recording/i));
      await eventually('the call is recorded', async () => (await newest())?.state === 'recording', {
        withinMs: 60_000,
      });
      const events = async () =>
        (await ask(`/api/v1/recordings/${(await newest())?.id}`)).body.events as { type: string }[];
      await eventually(
        'the recording has started',
        async () => (await events()).some(({ type }) => type === 'call.recording_started'),
        { withinMs: 30_000 },
      );
      await client.run(snippet(/stop_?recording/i));
      await eventually('the recording is stored', async () => (await newest())?.state === 'ready', {
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
    } finally {
      server.kill('SIGTERM');
    }
    expect(await left).toBe(0);
  }, 150_000);
});

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
    api_keys: { [KEYS.acme.key]: KEYS.acme.secret },
    call_types: { default: { source, settings } },
  };
  const link_secret = 'a secret that signs the links of this test';
  return { listen: url.slice('http://'.length), public_url: url, link_secret, tenants: { acme } };
}
