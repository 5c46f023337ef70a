import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type ApiWorld, startApi, type TenantName } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const CALL = '/api/v2/video/call/default/guarded';

let world: ApiWorld;
/** A recording of the call that is over, and one of another tenant's call of the same name. */
let kept: Awaited<ReturnType<ApiWorld['keep']>>;

beforeAll(async () => {
  world = await startApi();
  const members = [
    { user_id: 'the-host', role: 'host' },
    { user_id: 'the-guest', role: 'guest' },
  ];
  await world.call('POST', CALL, { data: { created_by_id: 'the-host', members } });
  await world.call('PUT', '/api/v2/video/calltypes/default', {
    grants: {
      admin: [
        'StartRecording',
        'StopRecording',
        'ListRecordings',
        'DeleteRecording',
        'read-call',
        'create-call',
        'update-call',
      ],
      host: ['start-record-call', 'stop-record-call', 'list-recordings', 'read-call', 'create-call'],
      'call-member': ['list-recordings', 'read-call', 'create-call'],
      user: ['read-call', 'create-call'],
    },
  });
});
beforeEach(async () => {
  kept = await world.keep('guarded');
});
afterAll(() => world?.close());

/** Each verb, as a request; what it answers where it is allowed does not matter here. */
const VERBS = {
  start: () => ['POST', `${CALL}/start_recording`],
  stop: () => ['POST', `${CALL}/stop_recording`],
  list: () => ['GET', `${CALL}/recordings`],
  delete: () => ['DELETE', `${CALL}/${kept.sessionId}/recordings/${kept.filename}`],
  'read call': () => ['GET', CALL],
  'create call': () => ['POST', CALL],
  'update call': () => ['PATCH', CALL],
  'change members': () => ['POST', CALL, { data: { members: [{ user_id: 'me', role: 'admin' }] } }],
  'read call types': () => ['GET', '/api/v2/video/calltypes'],
  'change call types': () => ['PUT', '/api/v2/video/calltypes/default', {}],
  'read storages': () => ['GET', '/api/v2/external_storage'],
  'list all records': () => ['GET', '/api/v1/recordings'],
  'list records of the call': () => ['GET', '/api/v1/recordings?call_type=default&call_id=guarded'],
  'read record': () => ['GET', `/api/v1/recordings/${kept.id}`],
  'change record': () => ['PATCH', `/api/v1/recordings/${kept.id}`, { layout: { name: 'grid' } }],
  'stop record': () => ['POST', `/api/v1/recordings/${kept.id}/stop`],
  'read receivers': () => ['GET', '/api/v2/app'],
  'set receivers': () => ['PATCH', '/api/v2/app', { event_hooks: [] }],
  'try SQS': () => ['POST', '/api/v2/check_sqs', {}],
  'try SNS': () => ['POST', '/api/v2/check_sns', {}],
  'list deliveries': () => ['GET', '/api/v1/deliveries'],
  'send a dead letter again': () => ['POST', '/api/v1/deliveries/evt_1/resend'],
  'start by our own path': () => ['POST', '/api/v1/recordings', { call_id: 'guarded' }],
  'start with a source': () => [
    'POST',
    '/api/v1/recordings',
    { call_id: 'guarded', source: { kind: 'demo' } },
  ],
  'start with an app': () => [
    'POST',
    '/api/v1/recordings',
    { call_id: 'guarded', layout: { external_app_url: 'https://app.example' } },
  ],
  'hear the events of the record': () => ['GET', `/api/v1/events?recording_id=${kept.id}`],
  'list workers': () => ['GET', '/api/v1/workers'],
  'delete record': () => ['DELETE', `/api/v1/recordings/${kept.id}`],
} as const satisfies Record<string, () => readonly [string, string, unknown?]>;
type Verb = keyof typeof VERBS;

const OF_A_USER: readonly Verb[] = ['read call', 'create call'];
const OF_A_MEMBER: readonly Verb[] = [
  ...OF_A_USER,
  ...(['list', 'list records of the call', 'read record', 'hear the events of the record'] as const),
];
const OF_A_HOST: readonly Verb[] = [
  ...OF_A_MEMBER,
  ...(['start', 'start by our own path', 'stop', 'stop record', 'change record'] as const),
];
const OF_AN_ADMIN: readonly Verb[] = [
  ...OF_A_HOST,
  'delete',
  'delete record',
  'update call',
  'change members',
  'start with an app',
];
/** Everything that changes nothing. */
const OF_A_VIEWER: readonly Verb[] = [
  ...OF_A_MEMBER.filter((verb) => verb !== 'create call'),
  ...(['read call types', 'read storages', 'list all records', 'read receivers'] as const),
  ...(['list deliveries', 'list workers'] as const),
];
const ALL = Object.keys(VERBS) as Verb[];

/** Who may do what. A row is a token; `other` is a tenant of its own, with a call of the same name. */
const ROWS: readonly { who: string; claims: Record<string, unknown>; may: readonly Verb[] }[] = [
  { who: 'a server', claims: { server: true }, may: ALL },
  { who: 'a server whose token says nothing', claims: {}, may: ALL },
  { who: 'a viewer', claims: { role: 'viewer' }, may: OF_A_VIEWER },
  { who: 'a server of another role', claims: { role: 'admin' }, may: ALL },
  { who: 'a user whose role is called viewer', claims: { user_id: 'bob', role: 'viewer' }, may: [] },
  { who: 'an admin', claims: { user_id: 'ann', role: 'admin' }, may: OF_AN_ADMIN },
  { who: 'a host of the call', claims: { user_id: 'the-host' }, may: OF_A_HOST },
  { who: 'a member of a role without grants', claims: { user_id: 'the-guest' }, may: OF_A_MEMBER },
  { who: 'a user who is no member', claims: { user_id: 'bob' }, may: OF_A_USER },
  { who: 'a user of a role without grants', claims: { user_id: 'bob', role: 'nobody' }, may: [] },
  {
    who: 'a user of a role named as a part of every object',
    claims: { user_id: 'bob', role: 'constructor' },
    may: [],
  },
  {
    who: 'an admin for this call',
    claims: { user_id: 'ann', role: 'admin', call_cids: ['default:guarded'] },
    may: OF_AN_ADMIN,
  },
  {
    who: 'an admin for another call',
    claims: { user_id: 'ann', role: 'admin', call_cids: ['default:other'] },
    may: [],
  },
  { who: 'an admin for no call', claims: { user_id: 'ann', role: 'admin', call_cids: [] }, may: [] },
];

describe.skipIf(redisMissing)('what each token may do', () => {
  test.each(ROWS)('$who may do what is granted and nothing else', async ({ claims, may }) => {
    const token = await world.token(claims);
    for (const verb of ALL) {
      kept = await world.keep('guarded');
      const { status, body } = await ask(verb, token);
      const isRefused = status === 403 && body.code === 17;
      expect({ verb, isRefused }).toEqual({ verb, isRefused: !may.includes(verb) });
    }
  });

  test.each(ALL)('an anonymous user may not %s', async (verb) => {
    const [method, path, body] = VERBS[verb]() as readonly [string, string, unknown?];
    const address = new URL(path, world.url);
    address.searchParams.set('api_key', 'acme-key');
    const headers = { 'stream-auth-type': 'anonymous', 'content-type': 'application/json' };
    const answer = await fetch(address, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    expect(answer.status).toBe(403);
  });

  test.each(ALL)('a server of another tenant cannot %s what is not its own', async (verb) => {
    const before = await world.call('GET', `/api/v1/recordings/${kept.id}`);
    const answer = await ask(verb, undefined, 'other');
    const listed: { id?: string; filename?: string }[] = answer.body.recordings ?? [];
    expect(listed.filter((one) => one.id === kept.id || one.filename === kept.filename)).toEqual([]);
    expect((await world.call('GET', `/api/v1/recordings/${kept.id}`)).body.state).toBe(before.body.state);
    if (/record$|^delete$/.test(verb)) expect(answer.status).toBe(404);
    if (verb === 'read call') expect(answer.body.members ?? []).toEqual([]);
  });

  test.each(ALL)('a token of another tenant is no token for %s', async (verb) => {
    const answer = await ask(verb, await world.token({}, 'other'));
    expect(answer).toMatchObject({ status: 401, body: { code: 43 } });
  });
});

test.skipIf(redisMissing)(
  'another tenant cannot stop the recording of a call that has the name of its own',
  async () => {
    const CLASH = '/api/v2/video/call/default/clash';
    expect((await world.call('POST', `${CLASH}/start_recording`)).status).toBe(201);
    expect((await world.call('POST', `${CLASH}/stop_recording`, undefined, { tenant: 'other' })).status).toBe(
      400,
    );
    expect((await world.call('POST', `${CLASH}/stop_recording`)).status).toBe(201);
  },
);

async function ask(verb: Verb, token?: string, tenant: TenantName = 'acme') {
  const [method, path, body] = VERBS[verb]() as readonly [string, string, unknown?];
  return world.call(method, path, body, { tenant, ...(token === undefined ? {} : { token }) });
}
