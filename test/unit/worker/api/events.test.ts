import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { redisDeliveryStore } from '../../../../worker/deliveries/redisDeliveryStore.ts';
import { connectRedis } from '../../../../worker/job/queue.ts';
import { eventually } from '../../../support/eventually.ts';
import { type ApiWorld, KEYS, QUEUE, startApi } from '../../../support/startApi.ts';
import { type Moto, motoMissing, startMoto } from '../../../support/startMoto.ts';
import { type Receiver, startReceiver } from '../../../support/startReceiver.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const SECRET = `whsec_${Buffer.from('a secret for tests only!').toString('base64')}`;
const AWS = { region: 'eu-west-1', credentials: { accessKeyId: 'key', secretAccessKey: 'secret' } };
const STORY = ['call.recording_started', 'call.recording_stopped', 'call.recording_ready'];

let world: ApiWorld;
let receiver: Receiver;
let calls = 0;
beforeAll(async () => {
  world = await startApi({ servers: 2 });
});
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.goDown());
afterAll(() => world?.close());

const hear = (...hooks: Record<string, unknown>[]) =>
  world.call('PATCH', '/api/v2/app', { event_hooks: hooks });
const webhook = (more: Record<string, unknown> = {}) => ({
  hook_type: 'webhook',
  webhook_url: receiver.url,
  ...more,
});

/** Starts the recording of a new call. Resolves to its id and the name of the call. */
async function start(tenant: keyof typeof KEYS = 'acme') {
  calls += 1;
  const call = `call-${calls}`;
  await world.call('POST', `/api/v2/video/call/default/${call}/start_recording`, undefined, { tenant });
  const [job] = await world.jobs();
  return { id: job?.id as string, cid: `default:${call}`, path: `/api/v2/video/call/default/${call}` };
}

/** What a worker tells of a recording from beginning to end. */
async function runs(id: string): Promise<void> {
  await world.begins(id);
  await world.tells(id, { type: 'call.recording_started', ready_signal: 'message' });
  await world.tells(id, { type: 'call.recording_stopped', end_reason: 'stopped' });
  await world.ends(id);
}

const heard = (count: number) =>
  eventually(`${count} events`, () => receiver.received.length >= count && receiver.received);

describe.skipIf(redisMissing)('the events of recordings', () => {
  test('come to a webhook in order and once, signed with the secret of the API key', async () => {
    expect((await hear(webhook())).status).toBe(200);
    const { id, cid } = await start();
    await runs(id);
    const received = await heard(3);
    expect(received.map(({ type }) => type)).toEqual(STORY);
    for (const { headers, body } of received) {
      expect(headers['x-signature']).toBe(createHmac('sha256', KEYS.acme.secret).update(body).digest('hex'));
      expect(headers).toMatchObject({ 'x-api-key': KEYS.acme.key, 'x-webhook-attempt': '1' });
    }
    expect(new Set(received.map(({ headers }) => headers['x-webhook-id'])).size).toBe(3);
    const events = received.map(({ body }) => JSON.parse(body));
    expect(events[0]).toEqual({
      ...{ type: 'call.recording_started', created_at: expect.stringMatching(/^20.*Z$/), call_cid: cid },
      ...{ egress_id: id, recording_type: 'composite' },
    });
    expect(events[2].call_recording).toEqual({
      ...{ filename: `${id}.mp4`, url: expect.stringContaining('signature='), recording_type: 'composite' },
      ...{
        start_time: '2026-01-02T03:00:00.000Z',
        end_time: '2026-01-02T03:04:58.000Z',
        session_id: expect.any(String),
      },
    });
  });

  test('come to each receiver as it asks: signed as Standard Webhooks, with times in nanoseconds, only some of them', async () => {
    const standard = webhook({ webhook_signature: 'standard', webhook_secret: SECRET, webhook_times: 'ns' });
    await hear({ ...standard, event_types: ['call.recording_ready'] }, webhook({ enabled: false }));
    const { id } = await start();
    await runs(id);
    const [{ headers, body }] = (await heard(1)) as [(typeof receiver.received)[number]];
    const event = new Webhook(SECRET).verify(body, headers as Record<string, string>);
    expect(event).toMatchObject({ type: 'call.recording_ready', created_at: expect.any(Number) });
    expect(receiver.received).toHaveLength(1);
  });

  test('of a recording that failed, or that nobody came to, tell that it failed', async () => {
    await hear(webhook());
    for (const type of ['call.recording_failed', 'call.recording_absent'] as const) {
      const { id } = await start();
      await world.tells(id, { type, result: { status: 'failed', files: [] } as never });
    }
    expect((await heard(2)).map(({ type }) => type)).toEqual([
      'call.recording_failed',
      'call.recording_failed',
    ]);
  });

  test('wait for a webhook that is down, without waiting for each other', async () => {
    const other = await startReceiver();
    await hear(webhook(), { hook_type: 'webhook', webhook_url: other.url });
    receiver.answers(500);
    const { id } = await start();
    await runs(id);
    await eventually('the other receiver has all', () => other.received.length === 3);
    expect(new Set(receiver.received.map(({ type }) => type))).toEqual(new Set([STORY[0]]));
    const { deliveries } = (await world.call('GET', '/api/v1/deliveries?state=waiting')).body;
    expect(deliveries).toMatchObject([
      {
        type: STORY[0],
        recording_id: id,
        error: expect.stringContaining('500'),
        target: new URL(receiver.url).origin,
      },
      { type: STORY[1], failures: 0 },
      { type: STORY[2], failures: 0 },
    ]);
    receiver.answers(200);
    await eventually('all arrive', () => receiver.received.at(-1)?.type === STORY[2]);
    const attempts = receiver.received.filter(({ type }) => type === STORY[0]);
    expect(attempts.map(({ headers }) => headers['x-webhook-attempt'])).toEqual(
      attempts.map((_, at) => String(at + 1)),
    );
    expect(new Set(attempts.map(({ headers }) => headers['x-webhook-id'])).size).toBe(1);
    await other.goDown();
  });

  test('stay with their tenant', async () => {
    await hear(webhook());
    await runs((await start('other')).id);
    const { id } = await start();
    await runs(id);
    const received = await heard(3);
    expect(received.map(({ body }) => JSON.parse(body).egress_id)).toEqual([id, id, id]);
  });

  test('that could not be delivered are listed and sent again by their own tenant alone', async () => {
    await hear(webhook());
    receiver.answers(500);
    const { id } = await start();
    await world.tells(id, { type: 'call.recording_started', ready_signal: 'message' });
    await heard(1);
    const redis = connectRedis(world.redisUrl);
    const store = redisDeliveryStore(redis, `${QUEUE}:api`, () => Date.now() + 60_000);
    const taken = await eventually('it can be taken', () => store.take([]));
    await store.bury(taken, 'it was down for 25 h');
    redis.disconnect();
    receiver.answers(200);
    const dead = (await world.call('GET', '/api/v1/deliveries?state=dead')).body.deliveries;
    expect(dead).toMatchObject([
      { recording_id: id, state: 'dead', error: 'it was down for 25 h', next_try: null },
    ]);
    const resend = (tenant: keyof typeof KEYS) =>
      world.call('POST', `/api/v1/deliveries/${dead[0].id}/resend`, undefined, { tenant });
    expect(
      (await world.call('GET', '/api/v1/deliveries', undefined, { tenant: 'other' })).body.deliveries,
    ).toEqual([]);
    expect((await resend('other')).status).toBe(404);
    const before = receiver.received.length;
    expect((await resend('acme')).status).toBe(201);
    await heard(before + 1);
    expect((await resend('acme')).status).toBe(404);
  });

  test('can be tailed in a Redis stream', async () => {
    const { id } = await start();
    await runs(id);
    const redis = connectRedis(world.redisUrl);
    const entries = await redis.xrange(`call-compositor:${QUEUE}:events`, '-', '+');
    redis.disconnect();
    const events = entries.map(([, fields]) => JSON.parse(fields[1] as string));
    expect(events.filter(({ recording_id }) => recording_id === id).map(({ type }) => type)).toEqual([
      'call.recording_phase',
      ...STORY,
    ]);
  });
});

describe.skipIf(redisMissing)('receivers of events', () => {
  test('are told without their secrets, and only to servers', async () => {
    await hear(webhook({ id: 'mine', webhook_signature: 'standard', webhook_secret: SECRET }));
    const { body } = await world.call('GET', '/api/v2/app');
    expect(body.app.event_hooks).toEqual([
      { ...webhook({ id: 'mine', webhook_signature: 'standard' }), enabled: true, event_types: [] },
    ]);
    const token = await world.token({ user_id: 'ann', role: 'admin' });
    for (const [method, path] of [
      ['GET', '/api/v2/app'],
      ['PATCH', '/api/v2/app'],
      ['POST', '/api/v2/check_sqs'],
      ['GET', '/api/v1/deliveries'],
    ] as const)
      expect((await world.call(method, path, method === 'GET' ? undefined : {}, { token })).status).toBe(403);
  });

  test.each([
    [{ hook_type: 'webhook' }, 'event_hooks.0.webhook_url'],
    [
      { hook_type: 'sqs', sqs_queue_url: 'https://sqs.example/1/q', sqs_region: 'eu' },
      'event_hooks.0.sqs_key',
    ],
    [
      { hook_type: 'webhook', webhook_url: 'http://a.example', webhook_signature: 'standard' },
      'event_hooks.0.webhook_secret',
    ],
    [{ hook_type: 'pigeon' }, 'event_hooks.0.hook_type'],
  ])('%j lacks %s', async (hook, field) => {
    const { status, body } = await hear(hook);
    expect(status).toBe(400);
    expect(Object.keys(body.exception_fields)).toContain(field);
  });
});

describe.skipIf(redisMissing ?? motoMissing)('queues of SQS and topics of SNS', () => {
  let moto: Moto;
  let sqs: SQSClient;
  let sns: SNSClient;
  beforeAll(async () => {
    moto = await startMoto();
    sqs = new SQSClient({ ...AWS, endpoint: moto.endpoint });
    sns = new SNSClient({ ...AWS, endpoint: moto.endpoint });
  }, 90_000);
  afterAll(() => moto?.stop());

  test('get the events of recordings, as base64', async () => {
    const queueOf = async (QueueName: string) => {
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
      return QueueUrl;
    };
    const [direct, subscribed] = [await queueOf('direct'), await queueOf('subscribed')];
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'topic' }));
    const asked = new GetQueueAttributesCommand({ QueueUrl: subscribed, AttributeNames: ['QueueArn'] });
    const { Attributes } = await sqs.send(asked);
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn }));
    const queue = { sqs_queue_url: direct, sqs_region: 'eu-west-1', sqs_key: 'key', sqs_secret: 'secret' };
    const topic = { sns_topic_arn: TopicArn, sns_region: 'eu-west-1', sns_key: 'key', sns_secret: 'secret' };
    await hear(
      { hook_type: 'sqs', ...queue },
      { hook_type: 'sns', ...topic, sns_endpoint_url: moto.endpoint },
    );
    const { id } = await start();
    await runs(id);

    const bodies = async (QueueUrl: string, count: number) => {
      const found: string[] = [];
      await eventually('messages', async () => {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        found.push(...Messages.map(({ Body = '' }) => Body));
        return found.length >= count;
      });
      return found;
    };
    const typeIn = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString()).type;
    expect((await bodies(direct, 3)).map(typeIn)).toEqual(STORY);
    expect((await bodies(subscribed, 3)).map((body) => typeIn(JSON.parse(body).Message))).toEqual(STORY);

    expect((await world.call('POST', '/api/v2/check_sqs', queue)).body).toMatchObject({ status: 'ok' });
    expect((await world.call('POST', '/api/v2/check_sns', {})).body).toMatchObject({ status: 'ok' });
    const missing = { ...queue, sqs_queue_url: `${direct}-of-nobody` };
    const { body } = await world.call('POST', '/api/v2/check_sqs', missing);
    expect(body).toMatchObject({ status: 'error', error: expect.stringMatching(/queue/i) });
  }, 60_000);
});

describe.skipIf(redisMissing)('people who are connected by WebSocket', () => {
  const open: WebSocket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.terminate();
  });

  async function connect(token: string, server = 0, path = '/video/connect') {
    const url = (world.urls[server] as string).replace('http', 'ws');
    const socket = new WebSocket(`${url}${path}?api_key=${KEYS.acme.key}`);
    open.push(socket);
    const messages: Record<string, unknown>[] = [];
    socket.on('message', (data) => messages.push(JSON.parse(String(data))));
    await once(socket, 'open');
    socket.send(JSON.stringify({ token, products: ['video'], user_details: { id: 'x' } }));
    const first = await eventually('an answer', () => messages[0]);
    const types = () => messages.slice(1).map(({ type }) => type);
    return { socket, first, types, id: String(first.connection_id) };
  }

  test('hear of the calls that they are members of, or have asked for, and of no others', async () => {
    await hear();
    const { id, path } = await start();
    await world.call('POST', path, { data: { created_by_id: 'ann', members: [{ user_id: 'ann' }] } });
    const member = await connect(await world.token({ user_id: 'ann' }));
    const watcher = await connect(await world.token({ user_id: 'bob' }), 1);
    const stranger = await connect(await world.token({ user_id: 'eve' }));
    const forbidden = await connect(await world.token({ user_id: 'eve', call_cids: ['default:other'] }));
    const server = await connect(await world.token());
    expect(member.first).toMatchObject({ type: 'connection.ok', me: { id: 'ann', role: 'user' } });
    const watch = (of: typeof watcher) => world.call('GET', `${path}?connection_id=${of.id}`);
    await watch(watcher);
    await watch(forbidden);
    await runs(id);
    for (const one of [member, watcher, server]) {
      await eventually('all events', () => one.types().length === 3);
      expect(one.types()).toEqual(STORY);
    }
    expect([stranger.types(), forbidden.types()]).toEqual([[], []]);
  });

  test('are at most a hundred of one client at a server, as many as streams', async () => {
    const token = await world.token({ user_id: 'many' });
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connect(token)));
    expect(new Set(sockets.map(({ first }) => first.type))).toEqual(new Set(['connection.ok']));
    const refused = await connect(token);
    expect(refused.first).toMatchObject({ type: 'connection.error', error: { code: 9 } });
    expect((await connect(await world.token({ user_id: 'ann' }))).first.type).toBe('connection.ok');
    sockets[0]?.socket.close();
    await eventually(
      'another one may come',
      async () => (await connect(token)).first.type === 'connection.ok',
    );
  });

  test('get their health checks back', async () => {
    const { socket, types } = await connect(await world.token({ user_id: 'ann' }));
    socket.send(JSON.stringify({ type: 'health.check' }));
    await eventually('an echo', () => types().includes('health.check'));
  });

  test.each([
    ['of another tenant', () => world.token({ user_id: 'ann' }, 'other'), 43],
    ['that has expired', () => world.token({ user_id: 'ann', exp: 1 }), 40],
    ['that is none', async () => 'nothing', 5],
  ])('with a token %s are told so, and put out', async (_, tokenOf, code) => {
    const { first, socket } = await connect(await tokenOf());
    expect(first).toMatchObject({ type: 'connection.error', error: { code } });
    await eventually('it is closed', () => socket.readyState === WebSocket.CLOSED);
  });

  test('are put out when their token expires', async () => {
    const exp = Math.floor(Date.now() / 1000) + 1;
    const { first, socket } = await connect(await world.token({ user_id: 'ann', exp }));
    expect(first).toMatchObject({ type: 'connection.ok' });
    await eventually('it is closed', () => socket.readyState === WebSocket.CLOSED);
  });
});

describe.skipIf(redisMissing)('a server that is lost while it tells events', () => {
  test('is followed by another one, which repeats them under the same ids', async () => {
    await hear(webhook());
    const { id } = await start();
    await world.tells(id, { type: 'call.recording_started', ready_signal: 'message' });
    const [{ headers }] = (await heard(1)) as [(typeof receiver.received)[number]];
    const redis = connectRedis(world.redisUrl);
    // What a server leaves behind that has put the event on the queue, and not noted it yet.
    const [, before] = await redis.xrevrange(`call-compositor:${QUEUE}:events`, '+', '-', 'COUNT', 2);
    await redis.set(`call-compositor:${QUEUE}:api:events-told`, before?.[0] as string);
    await redis.zrem(`call-compositor:${QUEUE}:api:deliveries:over`, String(headers['x-webhook-id']));
    redis.disconnect();
    await world.tells(id, { type: 'call.recording_stopped', end_reason: 'stopped' });
    const received = await heard(3);
    expect(received.map(({ type }) => type)).toEqual([STORY[0], STORY[0], STORY[1]]);
    expect(received[1]?.headers['x-webhook-id']).toBe(headers['x-webhook-id']);
  });
});
