import { createHash } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const LIVEKIT = { key: 'livekit-key', secret: 'the secret of the LiveKit server' };
const PERSON = { identity: 'ann' };

let world: ApiWorld;
beforeAll(async () => {
  const origin = (room: string) => ({
    kind: 'livekit',
    url: 'wss://livekit.example',
    api_key: LIVEKIT.key,
    api_secret: LIVEKIT.secret,
    room,
  });
  const settings = { recording: { mode: 'auto-on' } };
  const call_types = {
    default: { settings },
    'a.b': { settings },
    own: { settings, source: origin('own/{call_id}/{call_id}') },
    quiet: {},
  };
  const tenants = Object.fromEntries(
    Object.entries(KEYS).map(([name, { key, secret }]) => [
      name,
      { api_keys: { [key]: secret }, source: origin('{call_type}-{call_id}'), call_types },
    ]),
  );
  world = await startApi({ config: { tenants }, servers: 2 });
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => world?.close());

interface Sent {
  readonly event?: string;
  readonly participant?: Record<string, unknown>;
  readonly sid?: string;
  readonly url?: string;
  readonly secret?: string;
  readonly tenant?: string;
  /** What is sent instead of what was signed. */
  readonly body?: string;
}

/** Sends a webhook as a LiveKit server does. Resolves to the status of the answer. */
async function hears(room: string, given: Sent = {}): Promise<number> {
  const { event = 'participant_joined', participant = PERSON, sid = `RM_${room}`, url = world.url } = given;
  const told = event === 'participant_joined' ? { participant } : {};
  const signed = JSON.stringify({ event, id: 'EV_1', room: { name: room, sid }, ...told });
  const token = new AccessToken(LIVEKIT.key, given.secret ?? LIVEKIT.secret);
  token.sha256 = createHash('sha256').update(signed).digest('base64');
  const answer = await fetch(`${url}/webhooks/livekit/${given.tenant ?? 'acme'}`, {
    method: 'POST',
    headers: { authorization: await token.toJwt(), 'content-type': 'application/webhook+json' },
    body: given.body ?? signed,
  });
  return answer.status;
}

async function recordingsOf(id: string, type = 'default') {
  const { body } = await world.call('GET', `/api/v1/recordings?call_type=${type}&call_id=${id}`);
  return body.recordings as { id: string; state: string; session_id: string; started_by: unknown }[];
}

const jobsOf = async (id: string) =>
  (await world.jobs()).filter(({ data }) => (data.call as { id?: string }).id === id);

test.skipIf(redisMissing)(
  'a session is recorded once, however many webhooks come to however many servers',
  async () => {
    const urls = [...world.urls, ...world.urls, ...world.urls, ...world.urls];
    const people = urls.map((url, at) => hears('default-many', { url, participant: { identity: `p${at}` } }));
    expect(await Promise.all(people)).toEqual(urls.map(() => 200));
    expect(await jobsOf('many')).toHaveLength(1);
    expect(await recordingsOf('many')).toMatchObject([
      { state: 'queued', session_id: 'RM_default-many', started_by: { kind: 'auto_on', user_id: null } },
    ]);
  },
);

test.skipIf(redisMissing)(
  'the recording ends with the room, and nothing of that session starts it again',
  async () => {
    await hears('default-ends');
    const [recording] = await recordingsOf('ends');
    await world.begins(recording?.id as string);
    expect(await hears('default-ends', { event: 'room_finished' })).toBe(200);
    expect(await world.stops()).toContain(recording?.id);
    await world.ends(recording?.id as string);
    expect(await hears('default-ends')).toBe(200);
    expect(await recordingsOf('ends')).toMatchObject([{ state: 'ready' }]);
    expect(await jobsOf('ends')).toHaveLength(0);
  },
);

test.skipIf(redisMissing)(
  'people who meet again are recorded again, also while the last recording is stored',
  async () => {
    await hears('default-again', { sid: 'RM_1' });
    await hears('default-again', { sid: 'RM_1', event: 'room_finished' });
    await hears('default-again', { sid: 'RM_2' });
    // Of the end of this session, no webhook comes.
    await hears('default-again', { sid: 'RM_3' });
    const recordings = await recordingsOf('again');
    expect(recordings.map(({ session_id }) => session_id)).toEqual(['RM_3', 'RM_2', 'RM_1']);
    expect(recordings.map(({ state }) => state)).toEqual(['queued', 'stopping', 'stopping']);
  },
);

test.skipIf(redisMissing)('a webhook that comes late ends nothing of the session that is on', async () => {
  await hears('default-belated', { sid: 'RM_0', event: 'room_finished' });
  await hears('default-belated', { sid: 'RM_1' });
  const [first] = await recordingsOf('belated');
  await world.ends(first?.id as string);
  await hears('default-belated', { sid: 'RM_2' });
  for (const sid of ['RM_0', 'RM_1'])
    expect(await hears('default-belated', { sid, participant: { identity: 'bob' } })).toBe(200);
  expect(await recordingsOf('belated')).toMatchObject([
    { state: 'queued', session_id: 'RM_2' },
    { state: 'ready', session_id: 'RM_1' },
  ]);
});

test.skipIf(redisMissing)('a room whose end is told before its beginning is not recorded', async () => {
  await hears('default-late', { event: 'room_finished' });
  await hears('default-late');
  expect(await jobsOf('late')).toHaveLength(0);
});

test.skipIf(redisMissing).each([
  ["LiveKit's own recorder", { identity: 'EG_1', kind: 'EGRESS' }],
  ['an agent', { identity: 'helper', kind: 'AGENT' }],
  ['a recorder of ours', { identity: 'recorder-4f0c' }],
  ['whoever is hidden', { identity: 'ghost', permission: { hidden: true } }],
  ['a recorder that someone else made', { identity: 'tape', permission: { recorder: true } }],
])('%s is no person who joins', async (_, participant) => {
  expect(await hears('default-machines', { participant })).toBe(200);
  expect(await jobsOf('machines')).toHaveLength(0);
});

test.skipIf(redisMissing)('someone who calls in by telephone is a person', async () => {
  await hears('default-phone', { participant: { identity: 'sip_1', kind: 'SIP' } });
  expect(await jobsOf('phone')).toHaveLength(1);
});

test.skipIf(redisMissing)(
  'only calls whose mode is auto-on are recorded, by the settings of the call or of its type',
  async () => {
    await hears('quiet-room');
    await world.call('PATCH', '/api/v2/video/call/default/off', {
      settings_override: { recording: { mode: 'available' } },
    });
    await hears('default-off');
    await world.call('PATCH', '/api/v2/video/call/quiet/on', {
      settings_override: { recording: { mode: 'auto-on' } },
    });
    await hears('quiet-on');
    const ids = (await world.jobs()).map(({ data }) => (data.call as { id?: string }).id);
    expect([ids.includes('room'), ids.includes('off'), ids.includes('on')]).toEqual([false, false, true]);
  },
);

test.skipIf(redisMissing)('rooms are told apart by the names that their call types give them', async () => {
  await hears('a.b-c');
  expect(await recordingsOf('c', 'a.b')).toHaveLength(1);
  await hears('own/x/x');
  expect(await recordingsOf('x', 'own')).toHaveLength(1);
  for (const room of ['own/x/y', 'aXb-d', 'default-', 'default-a:b', 'elsewhere']) await hears(room);
  const ids = (await world.jobs()).map(({ data }) => (data.call as { id?: string }).id);
  expect(ids.filter((id) => ['d', 'x/y', 'a:b', ''].includes(id ?? ''))).toEqual([]);
});

test.skipIf(redisMissing)('a recording that someone has started is the one of its session', async () => {
  const CALL = '/api/v2/video/call/default/manual';
  await world.call('POST', `${CALL}/start_recording`);
  await hears('default-manual');
  const [recording] = await recordingsOf('manual');
  await world.ends(recording?.id as string);
  await hears('default-manual', { participant: { identity: 'bob' } });
  expect(await recordingsOf('manual')).toHaveLength(1);
});

test.skipIf(redisMissing)(
  'a recording that someone has started is not that of the next session while it is stored',
  async () => {
    await world.call('POST', '/api/v2/video/call/default/slow/start_recording');
    await hears('default-slow', { sid: 'RM_1' });
    const [byHand] = await recordingsOf('slow');
    await world.begins(byHand?.id as string);
    await hears('default-slow', { sid: 'RM_1', event: 'room_finished' });
    await hears('default-slow', { sid: 'RM_2' });
    expect(await recordingsOf('slow')).toMatchObject([
      { state: 'queued', session_id: 'RM_2' },
      { state: 'stopping', id: byHand?.id },
    ]);
  },
);

test.skipIf(redisMissing)(
  'a recording that was deleted does not come back with the next person who joins',
  async () => {
    await hears('default-deleted');
    const [recording] = await recordingsOf('deleted');
    await world.begins(recording?.id as string);
    await world.ends(recording?.id as string);
    const { status } = await world.call('DELETE', `/api/v1/recordings/${recording?.id}`);
    expect(status).toBe(200);
    expect(await hears('default-deleted', { participant: { identity: 'bob' } })).toBe(200);
    expect(await recordingsOf('deleted')).toEqual([]);
    expect(await jobsOf('deleted')).toEqual([]);
  },
);

test.skipIf(redisMissing)(
  'a server that was lost before it put the job on the queue is made good by the next webhook',
  async () => {
    await hears('default-lost');
    const [job] = await jobsOf('lost');
    await world.drop(job?.id as string);
    await hears('default-lost', { participant: { identity: 'bob' } });
    expect((await jobsOf('lost')).map(({ id }) => id)).toEqual([job?.id]);
  },
);

test.skipIf(redisMissing)('it is made good, too, when the recording counts as failed already', async () => {
  await hears('default-lost-long-ago');
  const [job] = await jobsOf('lost-long-ago');
  await world.drop(job?.id as string);
  const now = Date.now;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 61_000);
  expect(await recordingsOf('lost-long-ago')).toMatchObject([{ state: 'failed' }]);
  await hears('default-lost-long-ago', { participant: { identity: 'bob' } });
  expect(await recordingsOf('lost-long-ago')).toMatchObject([{ id: job?.id, state: 'queued' }]);
  expect((await jobsOf('lost-long-ago')).map(({ id }) => id)).toEqual([job?.id]);
});

test.skipIf(redisMissing)(
  'a webhook is heeded only as it was signed, by a server of this tenant',
  async () => {
    expect(await hears('default-forged', { secret: 'some other secret of 32 characters' })).toBe(401);
    expect(await hears('default-forged', { body: '{"event":"participant_joined"}' })).toBe(401);
    expect(await hears('default-forged', { tenant: 'nobody' })).toBe(404);
    const unsigned = { method: 'POST', body: '{}' };
    expect((await fetch(`${world.url}/webhooks/livekit/acme`, unsigned)).status).toBe(401);
    expect(await jobsOf('forged')).toHaveLength(0);
  },
);
