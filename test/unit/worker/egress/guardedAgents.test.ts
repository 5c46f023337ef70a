import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, request as requestPlainly } from 'node:http';
import { createServer as createSecureServer, request as requestSecurely } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllowedHosts } from '../../../../worker/allowedHosts.ts';
import { sendWebhook } from '../../../../worker/deliveries/sendWebhook.ts';
import { createEgressRules } from '../../../../worker/egress/egressRules.ts';
import { guardedAgents } from '../../../../worker/egress/guardedAgents.ts';

const HOST = 'allowed.example';
let folder: string;
let certificate: string;
let plain: Server;
let secure: Server;
let heard = 0;

const agents = guardedAgents(
  createEgressRules({ allowPrivateUrls: false, allowHosts: parseAllowedHosts(HOST) }, async () => [
    '127.0.0.1',
  ]),
);
const portOf = (server: Server) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guarded-agents-'));
  const files = ['-keyout', join(folder, 'key'), '-out', join(folder, 'cert')];
  const names = ['-subj', `/CN=${HOST}`, '-addext', `subjectAltName=DNS:${HOST}`];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...names], {
    stdio: 'ignore',
  });
  certificate = await readFile(join(folder, 'cert'), 'utf8');
  const key = await readFile(join(folder, 'key'), 'utf8');
  plain = createServer((_, response) => response.end('plain'));
  secure = createSecureServer({ key, cert: certificate }, (_, response) => response.end('secure'));
  for (const server of [plain, secure]) {
    server.on('connection', () => {
      heard += 1;
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  }
});

afterAll(async () => {
  plain?.close();
  secure?.close();
  await rm(folder, { recursive: true, force: true });
});

async function answerOf(url: string): Promise<string> {
  const request = url.startsWith('https:')
    ? requestSecurely(url, { agent: agents.httpsAgent, ca: certificate })
    : requestPlainly(url, { agent: agents.httpAgent });
  request.end();
  const [response] = await once(request, 'response');
  return text(response);
}

describe('a host that is allowed', () => {
  test('is reached by http', async () => {
    expect(await answerOf(`http://${HOST}:${portOf(plain)}/`)).toBe('plain');
  });

  test('is reached by https, and its certificate is checked for its name', async () => {
    expect(await answerOf(`https://${HOST}:${portOf(secure)}/`)).toBe('secure');
  });
});

describe('what is refused', () => {
  test.each([
    '127.0.0.1',
    'localhost',
    '[::ffff:127.0.0.1]',
    '0x7f.1',
    'other.example',
  ])('%s hears nothing, by http or https', async (host) => {
    const before = heard;
    await expect(answerOf(`http://${host}:${portOf(plain)}/`)).rejects.toMatchObject({
      name: 'EgressRefusal',
    });
    await expect(answerOf(`https://${host}:${portOf(secure)}/`)).rejects.toMatchObject({
      name: 'EgressRefusal',
    });
    expect(heard).toBe(before);
  });

  test('a webhook that is refused says why', async () => {
    const delivery = {
      url: `http://127.0.0.1:${portOf(plain)}/hook?token=x`,
      secret: null,
      id: 'e1',
      body: '{}',
    };
    const sending = sendWebhook(
      delivery as unknown as Parameters<typeof sendWebhook>[0],
      new AbortController().signal,
      agents,
    );
    await expect(sending).rejects.toThrow(
      /^http:\/\/127.0.0.1:\d+ could not be reached: 127.0.0.1:\d+ leads to 127.0.0.1, which is not a public address/,
    );
  });
});
