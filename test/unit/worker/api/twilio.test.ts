import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const FOLDER = fileURLToPath(new URL('../../../../.cache/peers/api-clients/twilio-6.2.0/', import.meta.url));
const missing =
  redisMissing ??
  (existsSync(FOLDER)
    ? null
    : 'twilio is not installed; STREAM_SDK=1 node test/peers/installPeers.mjs installs it');
if (missing) console.warn(`SKIPPED: recordings with Twilio's client (${missing})`);

const ACCOUNT = `AC${'0'.repeat(32)}`;
const SECRET = 'the auth token of the account';
/** As Twilio's own; hexadecimal digits behind CA. */
const callSid = () => `CA${String(++calls).padStart(32, '0')}`;
let calls = 0;

describe.skipIf(missing)("recordings with Twilio's client", () => {
  let world: ApiWorld;
  // biome-ignore lint/suspicious/noExplicitAny: the package is not one of this project, so its types are not here
  let twilio: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  let client: any;
  let hooks: Server;
  let url: string;
  let heard: { method: string; url: string; form: Record<string, string>; signature: string }[];

  beforeAll(async () => {
    const tenants = Object.fromEntries(
      Object.entries(KEYS).map(([name, { key, secret }]) => [
        name,
        {
          api_keys: { [key]: secret, ...(name === 'acme' && { [ACCOUNT]: SECRET }) },
          source: { kind: 'demo' },
        },
      ]),
    );
    world = await startApi({ config: { tenants }, servers: 2 });
    twilio = createRequire(`${FOLDER}package.json`)('twilio');
    client = twilio(ACCOUNT, SECRET);
    client.api.baseUrl = world.url;
    hooks = createServer(async (request, response) => {
      const { method = '', url: path = '', headers } = request;
      const { searchParams } = new URL(path, url);
      const form = new URLSearchParams(method === 'GET' ? searchParams : await text(request));
      const signature = String(headers['x-twilio-signature']);
      heard.push({ method, url: `${url}${path}`, form: Object.fromEntries(form), signature });
      response.end();
    });
    await new Promise<void>((resolve) => hooks.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(hooks.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    heard = [];
  });
  afterAll(async () => {
    hooks?.close();
    await world?.close();
  });

  const started = async (call: string, options: Record<string, unknown> = {}) => {
    const recording = await client.calls(call).recordings.create(options);
    const [job] = await world.jobs();
    return { recording, id: job?.id as string };
  };
  const statuses = () => heard.map(({ form }) => form.RecordingStatus);

  test('are switched on and off in mid-call, and every status is called back, signed', async () => {
    const call = callSid();
    const { recording, id } = await started(call, {
      recordingStatusCallback: `${url}/hook?of=us`,
      recordingStatusCallbackEvent: ['in-progress', 'completed'],
    });
    expect(recording).toMatchObject({
      accountSid: ACCOUNT,
      callSid: call,
      status: 'in-progress',
      track: 'both',
    });
    expect(recording.sid).toMatch(/^RE[\da-f]{32}$/);
    await world.begins(id);
    await world.tells(id, { type: 'call.recording_started', ready_signal: 'message' });
    const stopped = await client.calls(call).recordings('Twilio.CURRENT').update({ status: 'stopped' });
    expect(stopped).toMatchObject({ sid: recording.sid, status: 'stopped' });
    expect(await world.stops()).toContain(id);
    await world.ends(id);
    await eventually('both callbacks', () => heard.length === 2);
    expect(statuses()).toEqual(['in-progress', 'completed']);
    expect(heard[1]?.form).toEqual({
      ...{ AccountSid: ACCOUNT, CallSid: call, RecordingSid: recording.sid, RecordingStatus: 'completed' },
      ...{ RecordingUrl: `http://files.example/2010-04-01/Accounts/${ACCOUNT}/Recordings/${recording.sid}` },
      ...{ RecordingDuration: '3', RecordingChannels: '1', RecordingTrack: 'both', ErrorCode: '0' },
      ...{ RecordingSource: 'StartCallRecordingAPI', RecordingStartTime: 'Fri, 02 Jan 2026 03:00:00 +0000' },
    });
    for (const { url: address, form, signature } of heard)
      expect(twilio.validateRequest(SECRET, signature, address, form)).toBe(true);
    expect(twilio.validateRequest('another', heard[0]?.signature, heard[0]?.url, heard[0]?.form)).toBe(false);
  });

  test('are paused in both ways, and go on', async () => {
    const call = callSid();
    const { recording, id } = await started(call);
    await world.begins(id);
    const current = client.calls(call).recordings('Twilio.CURRENT');
    const skipped = await current.update({ status: 'paused', pauseBehavior: 'skip' });
    expect(skipped).toMatchObject({ sid: recording.sid, status: 'paused' });
    await world.tells(id, { type: 'call.recording_phase', phase: 'paused', pauses: [] });
    expect(await client.recordings(recording.sid).fetch()).toMatchObject({ status: 'paused' });
    expect(await current.update({ status: 'in-progress' })).toMatchObject({ status: 'in-progress' });
    await world.begins(id);
    expect(await client.recordings(recording.sid).fetch()).toMatchObject({ status: 'in-progress' });
    await current.update({ status: 'paused' }); // Twilio is silent by default
    expect(await world.pauses(id)).toEqual(['skip', null, 'silence']);
    await world.ends(id);
    const ended = client.calls(call).recordings(recording.sid);
    await expect(ended.update({ status: 'paused' })).rejects.toMatchObject({ status: 400 });
  });

  test('are called back with GET, and by default only when they are over', async () => {
    const options = { recordingStatusCallback: `${url}/hook`, recordingStatusCallbackMethod: 'GET' };
    const { id } = await started(callSid(), options);
    await world.tells(id, { type: 'call.recording_started', ready_signal: 'message' });
    await world.ends(id);
    const [call] = await eventually('a callback', () => heard.length > 0 && heard);
    expect(statuses()).toEqual(['completed']);
    expect(call?.method).toBe('GET');
    expect(twilio.validateRequest(SECRET, call?.signature, call?.url, {})).toBe(true);
  });

  test('that failed, or that held nothing, are called back as that', async () => {
    for (const [type, status] of [
      ['call.recording_absent', 'absent'],
      ['call.recording_failed', 'failed'],
    ] as const) {
      heard = [];
      // As the widget writes several events: with spaces between them.
      const { id } = await started(callSid(), {
        recordingStatusCallback: `${url}/hook`,
        recordingStatusCallbackEvent: ['completed absent'],
      });
      await world.tells(id, { type, result: { status, files: [] } as never });
      await eventually('a callback', () => heard.length > 0);
      expect(heard[0]?.form).toMatchObject({
        RecordingStatus: status,
        ErrorCode: status === 'absent' ? '16101' : '0',
      });
      expect(heard[0]?.form.RecordingUrl).toBeUndefined();
    }
  });

  test('are listed and paged by call and time, read, handed out and deleted', async () => {
    const call = callSid();
    for (let count = 0; count < 3; count += 1) {
      const { id } = await started(call);
      await world.ends(id);
    }
    const all = await client.calls(call).recordings.list({ pageSize: 2 });
    expect(all).toHaveLength(3);
    expect(
      await client.recordings.list({
        callSid: call,
        dateCreatedAfter: new Date(Date.now() + 86_400_000 * 2),
      }),
    ).toEqual([]);
    expect(await client.recordings.list({ callSid: call, dateCreated: new Date() })).toHaveLength(3);
    const [{ sid }] = all;
    expect(await client.recordings(sid).fetch()).toMatchObject({ sid, status: 'completed', duration: '3' });
    const headers = { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${SECRET}`).toString('base64')}` };
    const media = `${world.url}/2010-04-01/Accounts/${ACCOUNT}/Recordings/${sid}.mp4`;
    const link = (await fetch(media, { headers, redirect: 'manual' })).headers.get('location') as string;
    expect(await (await fetch(link.replace('http://files.example', world.url))).text()).toBe('a recording');
    expect(await client.recordings(sid).remove()).toBe(true);
    await expect(client.recordings(sid).fetch()).rejects.toMatchObject({ status: 404, code: 20404 });
  });

  test.each([
    [{ recordingChannels: 'dual' }, /dual/],
    [{ trim: 'trim-silence' }, /trim-silence/],
    [{ recordingTrack: 'inbound' }, /inbound/],
  ])('are refused with what is not built: %j', async (options, message) => {
    await expect(client.calls(callSid()).recordings.create(options)).rejects.toMatchObject({
      ...{ status: 501, message: expect.stringMatching(message) },
    });
  });

  test('are refused where something is wrong', async () => {
    const call = callSid();
    const create = (options: Record<string, unknown> = {}) => client.calls(call).recordings.create(options);
    await expect(create({ recordingStatusCallback: 'no address' })).rejects.toMatchObject({ status: 400 });
    await expect(create({ recordingStatusCallbackEvent: ['later'] })).rejects.toMatchObject({ status: 400 });
    const current = client.calls(call).recordings('Twilio.CURRENT');
    await expect(current.update({ status: 'stopped' })).rejects.toMatchObject({ status: 404 });
    await create();
    await expect(create()).rejects.toMatchObject({ status: 400, message: expect.stringMatching(/already/) });
    await expect(current.update({ status: 'halted' })).rejects.toMatchObject({ status: 400 });
  });

  test('are those of the account whose secret is given, and of no other tenant', async () => {
    const other = twilio(ACCOUNT, 'not the secret');
    other.api.baseUrl = world.url;
    await expect(other.recordings.list()).rejects.toMatchObject({ status: 401, code: 20003 });
    const { recording } = await started(callSid());
    const headers = {
      authorization: `Basic ${Buffer.from(`${KEYS.other.key}:${KEYS.other.secret}`).toString('base64')}`,
    };
    const ask = (account: string) =>
      fetch(`${world.url}/2010-04-01/Accounts/${account}/Recordings/${recording.sid}.json`, { headers });
    expect((await ask(ACCOUNT)).status).toBe(404);
    expect((await ask(KEYS.other.key)).status).toBe(404);
  });
});
