import { pipeline, Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllowedHosts } from '../../../../worker/allowedHosts.ts';
import { createEgressRules } from '../../../../worker/egress/egressRules.ts';
import { guardedAgents } from '../../../../worker/egress/guardedAgents.ts';
import { askService, type ServiceAccess } from '../../../../worker/transcripts/askService.ts';
import { fails, says, startTranscriber, type Transcriber } from '../../../support/startTranscriber.ts';

const PART = {
  startS: 0,
  durationS: 20,
  bytes: new Uint8Array([1, 2, 3]),
  fileName: 'sound.m4a',
  mediaType: 'audio/mp4',
};
const KEY = 'sk-the-key-of-the-service';

let service: Transcriber;

beforeAll(async () => {
  service = await startTranscriber();
});
afterAll(() => service?.close());

function ask(changes: Partial<ServiceAccess['service']> = {}, more: Partial<ServiceAccess> = {}) {
  const own = {
    url: service.url,
    apiKey: KEY,
    model: 'whisper-1',
    language: null,
    prompt: null,
    storage: null,
  };
  const cancel = new AbortController().signal;
  return askService(PART, { service: { ...own, ...changes }, agents: null, cancel, ...more });
}

test('a service gets the sound as a form, with the key as a bearer token', async () => {
  service.answers(says('good morning'));
  const heard = await ask({ language: 'en', prompt: 'Names: Ada.' });
  expect(heard).toEqual({
    language: 'english',
    segments: [{ startS: 0, endS: 1, text: 'good morning' }],
  });
  expect(service.asked.at(-1)).toMatchObject({
    path: '/v1/audio/transcriptions',
    headers: { authorization: `Bearer ${KEY}` },
    fields: {
      ...{ model: 'whisper-1', language: 'en', prompt: 'Names: Ada.' },
      ...{ response_format: 'verbose_json', 'timestamp_granularities[]': 'segment' },
    },
    file: { name: 'sound.m4a', type: 'audio/mp4', bytes: Buffer.from([1, 2, 3]) },
  });
});

test('without key, language and prompt, none is sent, and the query of the address stays', async () => {
  service.answers(says('hello'));
  await ask({ apiKey: null, url: `${service.url}/?api-version=1` });
  const { path, headers, fields } = service.asked.at(-1) ?? {};
  expect(path).toBe('/v1/audio/transcriptions?api-version=1');
  expect(headers).not.toHaveProperty('authorization');
  expect(Object.keys(fields ?? {})).toEqual(['model', 'response_format', 'timestamp_granularities[]']);
});

test.each([
  [500, false],
  [503, false],
  [429, false],
  [401, false],
  [400, true],
  [413, true],
  [422, true],
])('HTTP status %i is told with what the service says; final: %s', async (status, isFinal) => {
  service.answers(fails(status, 'because of this'));
  await expect(ask()).rejects.toMatchObject({
    isFinal,
    message: expect.stringMatching(new RegExp(`answered with HTTP status ${status}: because of this$`)),
  });
});

test('redirects are not followed, because they could lead anywhere', async () => {
  service.answers((_, response) => void response.writeHead(302, { location: service.url }).end());
  const before = service.asked.length;
  await expect(ask()).rejects.toThrow('redirects are not followed');
  expect(service.asked.length).toBe(before + 1);
});

test('a service that hangs is not waited for longer than it may take, also in the middle of its answer', async () => {
  service.answers(() => {});
  await expect(ask({}, { answerLimitMs: 100 })).rejects.toMatchObject({
    isFinal: false,
    message: expect.stringMatching(/did not answer within 0\.1 s/),
  });
  service.answers((_, response) => void response.write('{"text":'));
  await expect(ask({}, { answerLimitMs: 100 })).rejects.toThrow('did not answer within 0.1 s');
});

test('a service that breaks off, or is not there, is tried later', async () => {
  service.answers((_, response) => void response.destroy());
  await expect(ask()).rejects.toMatchObject({ isFinal: false });
  await expect(ask({ url: 'http://127.0.0.1:9/v1' })).rejects.toThrow(
    /127\.0\.0\.1:9 gave no transcript: .+/,
  );
});

test.each([
  ['no JSON', '<html>', /it is no JSON/],
  ['JSON of something else', '{"error":"none"}', /text: /],
  ['a list', '[]', /none of the transcription API/],
  [
    'text without end',
    JSON.stringify({ text: 'a'.repeat(1_000_001) }),
    /1000001 characters of text for 20 s/,
  ],
  ['times that are none', '{"text":"a","segments":[{"start":"0","end":1,"text":"a"}]}', /segments\.0\.start/],
])('an answer that is %s is no transcript', async (_, answer, message) => {
  service.answers((__, response) => void response.end(answer));
  await expect(ask()).rejects.toMatchObject({ isFinal: false, message: expect.stringMatching(message) });
});

test('what a service says of an error is quoted without what a terminal would carry out', async () => {
  service.answers(fails(400, '\u001b[2J\u001b]0;title\u0007no such\r\nmodel'));
  const said = /HTTP status 400: \[2J \]0;title no such model$/;
  await expect(ask()).rejects.toMatchObject({ message: expect.stringMatching(said), isFinal: true });
});

test('of an answer that never ends no more is read than any answer may have', async () => {
  let sent = 0;
  service.answers((_, response) => {
    const endless = new Readable({
      read() {
        sent++;
        this.push(sent > 64 ? null : Buffer.alloc(1024 * 1024, ' '));
      },
    });
    pipeline(endless, response, () => {});
  });
  await expect(ask()).rejects.toThrow('the answer has more than 16 MiB');
  expect(sent).toBeLessThan(40);
});

test('an address that the rules do not allow is not connected to', async () => {
  service.answers(says('hello'));
  const before = service.asked.length;
  const agentsFor = (allowed: string) =>
    guardedAgents(createEgressRules({ allowPrivateUrls: false, allowHosts: parseAllowedHosts(allowed) }));
  await expect(ask({}, { agents: agentsFor('other.example') })).rejects.toMatchObject({
    message: expect.stringMatching(/127\.0\.0\.1/),
    isFinal: false,
  });
  expect(service.asked.length).toBe(before);
  const { host } = new URL(service.url);
  expect((await ask({}, { agents: agentsFor(host) })).segments).toHaveLength(1);
});

test('what is cancelled ends at once', async () => {
  service.answers(() => {});
  const leaving = new AbortController();
  const asking = ask({}, { cancel: leaving.signal });
  leaving.abort();
  await expect(asking).rejects.toThrow();
});
