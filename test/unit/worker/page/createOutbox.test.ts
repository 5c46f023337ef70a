import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createOutbox } from '../../../../worker/page/preload/createOutbox.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Taken = Parameters<ReturnType<typeof createOutbox>['take']>[0];

function anOutbox() {
  const sent: Record<string, unknown>[] = [];
  const outbox = createOutbox(() => performance.now());
  const connect = () => outbox.connect((text) => void sent.push(JSON.parse(text)));
  const take = (message: object) => outbox.take(message as Taken);
  const ofType = (type: string) => sent.filter((message) => message.type === type);
  return { connect, take, sent, ofType };
}

test('what a page says before the worker listens waits, up to 200 messages of it', () => {
  const { connect, take, sent } = anOutbox();
  take({ signal: 'console' });
  for (let at = 0; at < 1_000; at += 1) take({ type: 'console', level: 'debug', text: String(at) });
  for (let at = 0; at < 1_000; at += 1) take({ type: 'warning', message: String(at) });
  expect(sent).toEqual([]);
  connect();
  expect(sent[0]).toEqual({ signal: 'console' });
  expect(sent).toHaveLength(200);
});

test('the end of the call is told once, and also by a page that floods', () => {
  const { connect, take, ofType } = anOutbox();
  connect();
  for (let at = 0; at < 10_000; at += 1) take({ type: 'console', level: 'error', text: String(at) });
  for (let at = 0; at < 10_000; at += 1) take({ type: 'call_ended' });
  expect(ofType('call_ended')).toHaveLength(1);
});

test('of many lines 100 are told at once and 5 a second after that, and how many were left out', async () => {
  const { connect, take, ofType } = anOutbox();
  connect();
  for (let at = 0; at < 1_000; at += 1) take({ type: 'console', level: 'error', text: String(at) });
  expect(ofType('console')).toHaveLength(100);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ofType('left_out')).toEqual([{ type: 'left_out', count: 900 }]);
  for (let at = 0; at < 1_000; at += 1) take({ type: 'console', level: 'error', text: String(at) });
  expect(ofType('console')).toHaveLength(110);
});

test('what a page writes for itself takes no room from its complaints, and is not missed', async () => {
  const { connect, take, ofType } = anOutbox();
  connect();
  for (let at = 0; at < 1_000; at += 1) take({ type: 'console', level: 'debug', text: String(at) });
  take({ type: 'console', level: 'error', text: 'boom' });
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ofType('console')).toHaveLength(101);
  expect(ofType('left_out')).toEqual([]);
});

test('of how many people are there, the newest number arrives, however often it changed', async () => {
  const { connect, take, ofType } = anOutbox();
  connect();
  for (let count = 1; count <= 1_000; count += 1) take({ type: 'participants', count });
  await vi.advanceTimersByTimeAsync(2_000);
  const counts = ofType('participants').map(({ count }) => count);
  expect(counts.length).toBeLessThan(30);
  expect(counts.at(-1)).toBe(1_000);
});
