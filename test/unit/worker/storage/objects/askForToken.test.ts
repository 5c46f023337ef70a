import { once } from 'node:events';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { askForToken } from '../../../../../worker/storage/objects/askForToken.ts';

const MIB = 1024 * 1024;

afterEach(() => {
  vi.restoreAllMocks();
});

/** Asks an address of tokens that answers so. */
async function asking(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  return askForToken({ secret: 'hush' }, { url, agents: null, signal: new AbortController().signal });
}

test('a token is kept for as long as it is said to hold', async () => {
  const answer = JSON.stringify({ access_token: 'ya29', expires_in: 3600 });
  const { text, expiresAtMs } = await asking((_, response) => response.end(answer));
  expect(text).toBe('ya29');
  expect(expiresAtMs - Date.now()).toBeGreaterThan(3_590_000);
});

test('an answer that never ends is given up, and is not held in memory', async () => {
  let sentBytes = 0;
  const send = (response: ServerResponse) => {
    while (!response.destroyed && response.write(Buffer.alloc(MIB))) sentBytes += MIB;
    sentBytes += MIB;
    if (sentBytes < 300 * MIB) response.once('drain', () => send(response));
  };
  await expect(asking((_, response) => send(response))).rejects.toThrow(/has more than \d+ bytes/);
  expect(sentBytes).toBeLessThan(200 * MIB);
});

test('an answer that comes byte by byte is waited for no longer than others', async () => {
  const limits: number[] = [];
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => {
    limits.push(ms);
    return timeout(ms / 100);
  });
  const asked = asking((_, response) => {
    const dripping = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(dripping));
  });
  await expect(asked).rejects.toThrow();
  expect(limits).toEqual([20_000]);
});

test.each([
  ['HTML', 200, '<html>sign in</html>'],
  ['no token', 200, '{"access_token":""}'],
  ['a refusal', 400, '{"error":"invalid_grant","error_description":"no"}'],
  ['a redirect', 302, ''],
])('%s counts as a refusal that may pass, and is not quoted beyond its reason', async (_, status, body) => {
  const asked = asking((__, response) => response.writeHead(status, { location: '/elsewhere' }).end(body));
  const error = await asked.catch((failure) => failure);
  expect(error).toMatchObject({ name: 'StoreError', status: 401 });
  expect(error.message).not.toMatch(/html|hush/);
});
