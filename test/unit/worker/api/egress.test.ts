import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  AliOSSUpload,
  AzureBlobUpload,
  EgressClient,
  EgressStatus,
  EncodedFileOutput,
  EncodingOptionsPreset,
  GCPUpload,
  RoomServiceClient,
  S3Upload,
  StreamOutput,
  StreamProtocol,
  WebhookConfig,
  WebhookReceiver,
} from 'livekit-server-sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../../../support/eventually.ts';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

let world: ApiWorld;
const egress = (tenant: keyof typeof KEYS = 'acme', secret: string = KEYS[tenant].secret) =>
  new EgressClient(world.url, KEYS[tenant].key, secret);
const file = () => new EncodedFileOutput({ filepath: 'calls/{room_name}/a.mp4' });

beforeAll(async () => {
  const source = {
    kind: 'livekit',
    url: 'wss://livekit.example',
    api_key: 'k',
    api_secret: 'the secret of the LiveKit server',
  };
  const tenants = Object.fromEntries(
    Object.entries(KEYS).map(([name, { key, secret }]) => [name, { api_keys: { [key]: secret }, source }]),
  );
  world = await startApi({ config: { tenants } });
});
afterAll(() => world?.close());

test.skipIf(redisMissing)(
  "a room composite is recorded, listed and stopped by LiveKit's own client",
  async () => {
    const started = await egress().startRoomCompositeEgress('standup', file(), {
      layout: 'grid',
      encodingOptions: EncodingOptionsPreset.PORTRAIT_H264_1080P_60,
    });
    expect(started).toMatchObject({ roomName: 'standup', status: 0, error: '' });
    const [job] = (await world.jobs()) as never as { id: string; data: Record<string, unknown> }[];
    expect(job?.data).toMatchObject({
      call: { type: 'livekit', id: 'standup' },
      source: { kind: 'livekit', url: 'wss://livekit.example', token: expect.stringMatching(/^eyJ/) },
      recording: {
        audio_only: false,
        quality: 'portrait-1080x1920',
        encoding: { frame_rate: 60 },
        layout: { name: 'grid' },
      },
    });
    const id = job?.id as string;
    await world.begins(id);
    const created_at = '2026-01-02T03:00:01Z';
    await world.tells(id, { type: 'call.recording_started', ready_signal: 'message', created_at });
    const active = await egress().listEgress({ roomName: 'standup', active: true });
    expect(active.map(({ egressId, status, startedAt }) => ({ egressId, status, startedAt }))).toEqual([
      {
        egressId: started.egressId,
        status: 1,
        startedAt: BigInt(Date.parse(created_at)) * 1_000_000n,
      },
    ]);
    expect((await egress().stopEgress(started.egressId)).status).toBe(2);
    await world.ends(id);
    const [ended] = await egress().listEgress({ egressId: started.egressId });
    expect(ended).toMatchObject({
      status: 3,
      fileResults: [{ filename: `${id}.mp4`, size: 11n, duration: 3_000_000_000n }],
    });
    expect(ended?.startedAt).toBe(BigInt(Date.parse('2026-01-02T03:00:00Z')) * 1_000_000n);
    expect(await egress().listEgress({ roomName: 'standup', active: true })).toEqual([]);
    await expect(egress().stopEgress(started.egressId)).rejects.toMatchObject({
      status: 412,
      code: 'failed_precondition',
    });
  },
);

test.skipIf(redisMissing)('the layout of a room composite is updated', async () => {
  const started = await egress().startRoomCompositeEgress('updated', file(), { layout: 'speaker-light' });
  const [job] = (await world.jobs()) as { id: string }[];
  const id = String(job?.id);
  await world.begins(id);
  const updated = await egress().updateLayout(started.egressId, 'grid');
  expect(updated.request).toMatchObject({ case: 'roomComposite', value: { layout: 'grid' } });
  expect(await world.layoutChanges(id)).toEqual([{ name: 'grid', options: { 'layout.theme': null } }]);
  await expect(egress().updateLayout(started.egressId, 'gird')).rejects.toMatchObject({ status: 400 });
  await expect(egress().updateLayout('EG_x', 'grid')).rejects.toMatchObject({ status: 404 });
  const web = await egress().startWebEgress('https://page.example/show', file());
  await expect(egress().updateLayout(web.egressId, 'grid')).rejects.toMatchObject({ status: 400 });
  await world.ends(id);
  await expect(egress().updateLayout(started.egressId, 'speaker')).rejects.toMatchObject({
    status: 412,
    code: 'failed_precondition',
  });
  expect(await world.layoutChanges(id)).toHaveLength(1);
});

test.skipIf(redisMissing).each([
  ['', 'spotlight', {}],
  ['speaker-light', 'spotlight', { 'layout.theme': 'light' }],
  ['single-speaker-dark', 'single_participant', { 'layout.theme': 'dark' }],
  ['grid-dark', 'grid', { 'layout.theme': 'dark' }],
  ['sidebar', 'sidebar', {}],
  ['sidebar-light', 'sidebar', { 'layout.theme': 'light' }],
])('the layout %j is our %s with the options %j', async (layout, name, options) => {
  await egress().startRoomCompositeEgress('shaded', file(), { layout });
  const [job] = (await world.jobs()) as never as { data: { recording: { layout: unknown } } }[];
  expect(job?.data.recording.layout).toEqual({ name, options });
});

test.skipIf(redisMissing)(
  'a room may have several egresses, one of them into a bucket that the request names',
  async () => {
    const s3 = new S3Upload({
      bucket: 'theirs',
      accessKey: 'AKIA',
      secret: 'secret-of-theirs',
      region: 'eu-west-1',
    });
    const output = new EncodedFileOutput({
      filepath: 'calls/{room_name}/a.mp4',
      output: { case: 's3', value: s3 },
    });
    await egress().startRoomCompositeEgress('twice', file());
    const second = await egress().startRoomCompositeEgress('twice', output);
    const [job] = (await world.jobs()) as never as { data: { storage: unknown } }[];
    expect(job?.data.storage).toMatchObject({
      kind: 's3',
      bucket: 'theirs',
      prefix: 'calls/twice',
      access_key_id: 'AKIA',
    });
    const listed = await egress().listEgress({ roomName: 'twice' });
    expect(listed).toHaveLength(2);
    expect(JSON.stringify(second.toJson())).not.toContain('secret-of-theirs');
  },
);

test.skipIf(redisMissing)('an egress goes into the container of Azure that the request names', async () => {
  const azure = new AzureBlobUpload({
    ...{ accountName: 'theirs', accountKey: 'a-key-of-theirs', containerName: 'calls' },
  });
  const filepath = '{room_name}/a.mp4';
  const output = (value: AzureBlobUpload) =>
    new EncodedFileOutput({ filepath, output: { case: 'azure', value } });
  const started = await egress().startRoomCompositeEgress('blue', output(azure));
  const [job] = (await world.jobs()) as never as { data: { storage: unknown } }[];
  expect(job?.data.storage).toEqual({
    ...{
      kind: 'azure',
      account: 'theirs',
      account_key: 'a-key-of-theirs',
      container: 'calls',
      prefix: 'blue',
    },
  });
  expect(JSON.stringify(started.toJson())).not.toContain('a-key-of-theirs');
  const keyless = new AzureBlobUpload({ accountName: 'theirs', containerName: 'calls' });
  await expect(egress().startRoomCompositeEgress('blue', output(keyless))).rejects.toMatchObject({
    status: 400,
  });
});

test.skipIf(redisMissing)('an egress goes into the bucket of Google that the request names', async () => {
  const account = {
    ...{ type: 'service_account', client_email: 'recorder@theirs.example' },
    private_key: '-----BEGIN PRIVATE KEY-----\na private line\n-----END PRIVATE KEY-----\n',
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const credentials = JSON.stringify(account);
  const start = (given: ConstructorParameters<typeof GCPUpload>[0]) => {
    const value = new GCPUpload(given);
    const output = new EncodedFileOutput({ filepath: '{room_name}/a.mp4', output: { case: 'gcp', value } });
    return egress().startRoomCompositeEgress('green', output);
  };
  const started = await start({ bucket: 'calls', credentials });
  const [job] = (await world.jobs()) as never as { data: { storage: unknown } }[];
  expect(job?.data.storage).toEqual({ kind: 'gcs', bucket: 'calls', credentials, prefix: 'green' });
  expect(JSON.stringify(started.toJson())).not.toContain('a private line');
  const refused = (message: RegExp) => ({ status: 400, message: expect.stringMatching(message) });
  await expect(start({ bucket: 'calls' })).rejects.toMatchObject(refused(/gcp needs bucket and credentials/));
  await expect(start({ bucket: 'calls', credentials: 'a private line' })).rejects.toMatchObject(
    refused(/^gcp.credentials is not the JSON of a service account's key: it is no JSON object$/),
  );
  const token_uri = world.redisUrl.replace(/^redis:/, 'http:');
  const inside = JSON.stringify({ ...account, token_uri });
  await expect(start({ bucket: 'calls', credentials: inside })).rejects.toMatchObject(refused(/is refused/));
  const proxy = { url: 'http://proxy.example' };
  await expect(start({ bucket: 'calls', credentials, proxy })).rejects.toMatchObject({
    ...{ status: 501, message: expect.stringContaining('gcp.proxy') },
  });
});

test.skipIf(redisMissing)("a web egress records the page, and a page of one's own draws a room", async () => {
  await egress().startWebEgress('https://page.example/show', file(), { awaitStartSignal: true });
  const jobs = async () => (await world.jobs()) as never as { data: Record<string, unknown> }[];
  expect((await jobs())[0]?.data).toMatchObject({
    recording: { layout: { external_app_url: 'https://page.example/show' } },
  });
  await egress().startRoomCompositeEgress('own', file(), {
    layout: 'speaker',
    customBaseUrl: 'https://page.example/',
  });
  expect((await jobs())[0]?.data).toMatchObject({
    source: { kind: 'livekit' },
    recording: { layout: { name: 'speaker', external_app_url: 'https://page.example/' } },
  });
});

test.skipIf(redisMissing)(
  'a template has layouts of its own, and it is said where it cannot be told',
  async () => {
    const own = await egress().startRoomCompositeEgress('own', file(), {
      layout: 'speaker',
      customBaseUrl: 'https://page.example/',
    });
    const [job] = (await world.jobs()) as { id: string }[];
    // Nobody answers at the address of the LiveKit server. When the page is opened, it has the layout all the same.
    await expect(egress().updateLayout(own.egressId, 'two-rows')).rejects.toMatchObject({
      status: 503,
      message: expect.stringMatching(/LiveKit server .* does not answer/),
    });
    expect(await world.layoutChanges(String(job?.id))).toEqual([{ name: 'two-rows' }]);
  },
);

test.skipIf(redisMissing)(
  'a template that was opened and is not in the room has not heard of its layout, and nobody is told that it has',
  async () => {
    const liveKit = createServer((_, response) => {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 'not_found', msg: 'participant does not exist' }));
    });
    await new Promise<void>((resolve) => liveKit.listen(0, '127.0.0.1', resolve));
    const { port } = liveKit.address() as AddressInfo;
    const [{ key, secret }, of] = [
      KEYS.acme,
      { api_key: 'k', api_secret: 'the secret of the LiveKit server' },
    ];
    const source = { kind: 'livekit', url: `ws://127.0.0.1:${port}`, ...of };
    const near = await startApi({ config: { tenants: { acme: { api_keys: { [key]: secret }, source } } } });
    try {
      const client = new EgressClient(near.url, key, secret);
      const asked = { layout: 'speaker', customBaseUrl: 'https://page.example/' };
      const { egressId } = await client.startRoomCompositeEgress('own', file(), asked);
      const id = String((await near.jobs())[0]?.id);
      expect((await client.updateLayout(egressId, 'two-rows')).request).toMatchObject({
        value: { layout: 'two-rows' },
      });
      await near.begins(id);
      await expect(client.updateLayout(egressId, 'three-rows')).rejects.toMatchObject({
        status: 503,
        message: expect.stringMatching(/not in the room "own"; ask again/),
      });
      expect(await near.layoutChanges(id)).toEqual([{ name: 'two-rows' }, { name: 'three-rows' }]);
    } finally {
      await near.close();
      liveKit.close();
    }
  },
);

test.skipIf(redisMissing)('what is not built is named, and nothing is recorded', async () => {
  const before = (await world.jobs()).length;
  const stream = new StreamOutput({ protocol: StreamProtocol.RTMP, urls: ['rtmp://x/y'] });
  const ali = new EncodedFileOutput({
    output: { case: 'aliOSS', value: new AliOSSUpload({ bucket: 'calls' }) },
  });
  const refused: [() => Promise<unknown>, RegExp][] = [
    [() => egress().startRoomCompositeEgress('r', stream), /stream/],
    [() => egress().startRoomCompositeEgress('r', ali), /aliOSS/],
    [() => egress().startRoomCompositeEgress('r', file(), { videoOnly: true }), /videoOnly/],
    [() => egress().startParticipantEgress('r', 'ann', { file: file() }), /StartParticipantEgress/],
  ];
  for (const [ask, name] of refused)
    await expect(ask()).rejects.toMatchObject({
      status: 501,
      code: 'unimplemented',
      message: expect.stringMatching(name),
    });
  await expect(egress().startRoomCompositeEgress('r', file(), { layout: 'gird' })).rejects.toMatchObject({
    status: 400,
  });
  expect(await world.jobs()).toHaveLength(before);
});

test.skipIf(redisMissing)(
  "webhooks of an egress are told every step, signed as LiveKit's own receiver reads them",
  async () => {
    const heard: { body: string; authorization: string }[] = [];
    const server = createServer(async (request, response) => {
      heard.push({ body: await text(request), authorization: String(request.headers.authorization) });
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { key, secret } = KEYS.acme;
    const start = (signingKey: string) => {
      const webhooks = [new WebhookConfig({ url, signingKey })];
      return egress().startRoomCompositeEgress('told', file(), { webhooks });
    };
    await expect(start('of nobody')).rejects.toMatchObject({ status: 400 });
    const { egressId } = await start(key);
    const id = egressId.slice('EG_'.length);
    await world.tells(id, { type: 'call.recording_phase', phase: 'launching' });
    await world.tells(id, { type: 'call.recording_started', ready_signal: 'message' });
    await world.tells(id, { type: 'call.recording_stopped', end_reason: 'stopped' });
    await world.ends(id);
    await eventually('all webhooks', () => heard.length === 4);
    const receiver = new WebhookReceiver(key, secret);
    const events = await Promise.all(
      heard.map(({ body, authorization }) => receiver.receive(body, authorization)),
    );
    expect(events.map(({ event, egressInfo }) => [event, egressInfo?.egressId, egressInfo?.status])).toEqual([
      ['egress_started', egressId, EgressStatus.EGRESS_STARTING],
      ['egress_updated', egressId, EgressStatus.EGRESS_ACTIVE],
      ['egress_updated', egressId, EgressStatus.EGRESS_ENDING],
      ['egress_ended', egressId, EgressStatus.EGRESS_COMPLETE],
    ]);
    expect(events[3]?.egressInfo?.fileResults[0]).toMatchObject({ filename: `${id}.mp4`, size: 11n });
    server.close();
  },
);

test.skipIf(redisMissing)('only a token of the tenant that may record is let in', async () => {
  const mine = await egress().startRoomCompositeEgress('mine', file());
  await expect(egress('acme', 'a secret that is not ours').listEgress()).rejects.toMatchObject({
    status: 401,
  });
  await expect(egress('other').stopEgress(mine.egressId)).rejects.toMatchObject({
    status: 404,
    code: 'not_found',
  });
  expect(await egress('other').listEgress()).toEqual([]);
  const { headers } = await capture(() =>
    new RoomServiceClient(world.url, KEYS.acme.key, KEYS.acme.secret).listRooms(),
  );
  const answer = await fetch(`${world.url}/twirp/livekit.Egress/ListEgress`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'permission_denied' }]);
});

test.skipIf(redisMissing)('requests in the names of the proto file are read too', async () => {
  const { headers } = await capture(() => egress().listEgress());
  const body = JSON.stringify({
    room_name: 'snake',
    audio_only: true,
    file_outputs: [{ filepath: 'a.mp4' }],
  });
  const answer = await fetch(`${world.url}/twirp/livekit.Egress/StartRoomCompositeEgress`, {
    method: 'POST',
    headers,
    body,
  });
  expect(await answer.json()).toMatchObject({ roomName: 'snake', roomComposite: { audioOnly: true } });
});

/** The headers that a client of LiveKit sends, with the token that it has made. */
async function capture(call: () => Promise<unknown>): Promise<{ headers: Record<string, string> }> {
  const original = globalThis.fetch;
  let headers: Record<string, string> = {};
  globalThis.fetch = async (input, init) => {
    headers = init?.headers as Record<string, string>;
    return original(input, init);
  };
  await call().catch(() => {});
  globalThis.fetch = original;
  return { headers };
}
