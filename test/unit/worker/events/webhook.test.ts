import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RecordingEvent } from '../../../../shared/events/recordingEvents.ts';
import { createWebhook } from '../../../../worker/events/webhook.ts';
import { createLog } from '../../../../worker/log.ts';

const SECRET = `whsec_${Buffer.from('a secret for tests only').toString('base64')}`;
const BASE = { recording_id: 'r1', call_cid: 'default:a', created_at: '2026-01-01T00:00:00.000Z' };
const STARTED: RecordingEvent = { ...BASE, type: 'call.recording_started', ready_signal: 'message' };
const STOPPED: RecordingEvent = { ...BASE, type: 'call.recording_stopped', end_reason: 'stopped' };
const PROGRESS: RecordingEvent = {
  ...BASE,
  type: 'call.recording_progress',
  elapsed_s: 1,
  frames: 30,
  dropped_frames: 0,
  size_bytes: 1,
};

let received: { headers: IncomingHttpHeaders; body: string }[];
let answers: number[];
let url: string;
let close: () => Promise<unknown>;

beforeEach(async () => {
  received = [];
  answers = [];
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  close = () => new Promise((resolve) => server.close(resolve));
});

afterEach(() => close());

test('events are posted in order and signed, and progress is not posted', async () => {
  const webhook = createWebhook({ url, secret: SECRET }, createLog('silent'));
  for (const event of [STARTED, PROGRESS, STOPPED]) webhook.deliver(event);
  await webhook.settled();
  expect(received.map(({ body }) => JSON.parse(body).type)).toEqual([
    'call.recording_started',
    'call.recording_stopped',
  ]);
  const verifier = new Webhook(SECRET);
  for (const { headers, body } of received) {
    expect(verifier.verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
  }
});

test('an event that the receiver fails to take is sent again with the same id', async () => {
  answers = [503, 200];
  const webhook = createWebhook({ url, secret: null }, createLog('silent'));
  webhook.deliver(STARTED);
  await webhook.settled();
  const ids = received.map(({ headers }) => headers['webhook-id']);
  expect(ids).toHaveLength(2);
  expect(ids[0]).toBe(ids[1]);
});
