import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAllowedHosts } from '../../../../worker/allowedHosts.ts';
import { createEgressRules, type EgressRules } from '../../../../worker/egress/egressRules.ts';
import { type EgressGuard, openEgressGuard } from '../../../../worker/egress/openEgressGuard.ts';
import { eventually } from '../../../support/eventually.ts';

let rules: EgressRules;
let guard: EgressGuard;
let servers: Server[];
/** What nobody caught: in a worker without handlers, any of it would end the process. */
let uncaught: unknown[];
const note = (error: unknown) => void uncaught.push(error);
/** What names lead to, one answer after the other; the last one stays. */
let answers: Record<string, string[][]>;

beforeEach(async () => {
  uncaught = [];
  process.on('unhandledRejection', note).on('uncaughtException', note);
  servers = [];
  answers = {};
  rules = createEgressRules(
    { allowPrivateUrls: false, allowHosts: parseAllowedHosts('127.0.0.2, allowed.example') },
    async (host) => {
      const given = answers[host] ?? [];
      const answer = given.length > 1 ? given.shift() : given[0];
      if (answer === undefined) throw new Error(`${host} does not resolve`);
      return answer;
    },
  );
  guard = await openEgressGuard(rules);
});

afterEach(async () => {
  await guard.close();
  for (const server of servers) server.close();
  process.off('unhandledRejection', note).off('uncaughtException', note);
  expect(uncaught).toEqual([]);
});

/** A server that tells of every connection; resolves to its port. */
async function listen(server: Server, address: string): Promise<{ port: number; heard: () => number }> {
  let heard = 0;
  server.on('connection', () => {
    heard += 1;
  });
  servers.push(server);
  server.listen(0, address);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, heard: () => heard };
}

const webServer = (address: string, answer: RequestListener = (_, response) => response.end('hello')) =>
  listen(createServer(answer), address);

/** What a browser does for http: an absolute address as the path. */
async function fetchThrough(url: string): Promise<IncomingMessage> {
  const { hostname, port } = new URL(guard.url);
  const request = get({ host: hostname, port, path: url, agent: false });
  const [response] = await once(request, 'response');
  return response as IncomingMessage;
}

/** What a browser does for https and wss. Resolves to the tunnel and the answer's first line. */
async function tunnelThrough(authority: string): Promise<{ tunnel: Socket; answer: string }> {
  const { hostname, port } = new URL(guard.url);
  const tunnel = connect(Number(port), hostname);
  tunnel.on('error', () => {});
  tunnel.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  const [data] = await Promise.race([once(tunnel, 'data'), once(tunnel, 'close').then(() => ['closed'])]);
  return { tunnel, answer: String(data).split('\r\n')[0] as string };
}

describe('what is allowed', () => {
  test('a request without TLS reaches its server, and the answer comes back as it was', async () => {
    const { port } = await webServer('127.0.0.2', (request, response) => {
      response.writeHead(418, { 'x-path': request.url }).end('short and stout');
    });
    const response = await fetchThrough(`http://127.0.0.2:${port}/a?b`);
    expect([response.statusCode, response.headers['x-path']]).toEqual([418, '/a?b']);
    expect(await text(response)).toBe('short and stout');
  });

  test('a tunnel carries bytes both ways, and ends when one side ends', async () => {
    const echo = createTcpServer((socket) => socket.pipe(socket).on('error', () => {}));
    const { port } = await listen(echo, '127.0.0.2');
    const { tunnel, answer } = await tunnelThrough(`127.0.0.2:${port}`);
    expect(answer).toBe('HTTP/1.1 200 Connection Established');
    tunnel.write('ping');
    expect(String((await once(tunnel, 'data'))[0])).toBe('ping');
    tunnel.end();
    await once(tunnel, 'close');
    await eventually('the other side is closed, too', async () => {
      const connections = await new Promise((resolve) => echo.getConnections((_, count) => resolve(count)));
      return connections === 0;
    });
  });

  test('the origin of the worker’s own layout app is reached by the browser that shows it, and by no other', async () => {
    const { port } = await webServer('127.0.0.1');
    const release = rules.protect(port);
    guard.alsoAllow(`http://127.0.0.1:${port}/`);
    expect(await text(await fetchThrough(`http://127.0.0.1:${port}/`))).toBe('hello');
    const other = await openEgressGuard(rules);
    guard = await guard.close().then(() => other);
    await expect(fetchThrough(`http://127.0.0.1:${port}/`)).rejects.toThrow('socket hang up');
    release();
  });
});

describe('what is refused', () => {
  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '127.1',
    'localhost.',
    '[::ffff:127.0.0.1]',
    'inside.example',
  ])('nothing is heard from a tunnel or a request to %s', async (host) => {
    answers['inside.example'] = [['127.0.0.1', '::1']];
    answers.localhost = [['127.0.0.1']];
    const { port, heard } = await webServer('127.0.0.1');
    expect((await tunnelThrough(`${host}:${port}`)).answer).toBe('HTTP/1.1 403 Forbidden');
    await expect(fetchThrough(`http://${host}:${port}/`)).rejects.toThrow('socket hang up');
    expect(heard()).toBe(0);
    expect(await guard.failureOf(`https://${host}:${port}/`)).toMatchObject({ isRefused: true });
  });

  test('each host and port that is refused is told once, also to those who listen later', async () => {
    const early: string[] = [];
    guard.listen(({ host, port }) => early.push(`${host}:${port}`));
    for (const authority of ['10.0.0.1:443', '10.0.0.1:443', '10.0.0.1:80', '[fd00::1]:443'])
      await tunnelThrough(authority);
    const late: string[] = [];
    guard.listen(({ host, port }) => late.push(`${host}:${port}`));
    expect(early).toEqual(['10.0.0.1:443', '10.0.0.1:80', 'fd00::1:443']);
    expect(late).toEqual(early);
  });

  test('a name whose address changes is connected to the address that was checked, or to none', async () => {
    const inside = await webServer('127.0.0.1');
    const outside = await listen(
      createServer((_, response) => response.end('outside')),
      '127.0.0.2',
    );
    // Both servers on one port, as on two machines.
    const { port } = outside;
    const trap = createServer((_, response) => response.end('inside'));
    servers.push(trap);
    let trapped = 0;
    trap.on('connection', () => {
      trapped += 1;
    });
    trap.listen(port, '127.0.0.1');
    await once(trap, 'listening');
    answers['rebind.example'] = [['127.0.0.2'], ['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1']];
    expect(await text(await fetchThrough(`http://rebind.example:${port}/`))).toBe('outside');
    await expect(fetchThrough(`http://rebind.example:${port}/`)).rejects.toThrow('socket hang up');
    expect((await tunnelThrough(`rebind.example:${port}`)).answer).toBe(
      'HTTP/1.1 200 Connection Established',
    );
    expect((await tunnelThrough(`rebind.example:${port}`)).answer).toBe('HTTP/1.1 403 Forbidden');
    expect([trapped, inside.heard()]).toEqual([0, 0]);
  });

  test('the guard does not connect to itself or to the guards of other browsers', async () => {
    const open = createEgressRules({ allowPrivateUrls: true, allowHosts: [] });
    const [one, other] = await Promise.all([openEgressGuard(open), openEgressGuard(open)]);
    await guard.close();
    guard = one;
    for (const { url } of [one, other]) {
      expect((await tunnelThrough(new URL(url).host)).answer).toBe('HTTP/1.1 403 Forbidden');
      await expect(fetchThrough(url)).rejects.toThrow('socket hang up');
    }
    await other.close();
  });
});

describe('what fails', () => {
  test('a server that is not there is an error of the network, and the reason is known', async () => {
    const { port } = await webServer('127.0.0.2');
    await new Promise((resolve) => servers[0]?.close(resolve));
    const url = `http://127.0.0.2:${port}/`;
    await expect(fetchThrough(url)).rejects.toThrow('socket hang up');
    expect(await guard.failureOf(url)).toMatchObject({
      isRefused: false,
      reason: expect.stringContaining('ECONNREFUSED'),
    });
    expect((await tunnelThrough(`127.0.0.2:${port}`)).answer).toBe('HTTP/1.1 502 Bad Gateway');
    expect((await tunnelThrough('nowhere.example:443')).answer).toBe('HTTP/1.1 502 Bad Gateway');
  });

  test('a server that hangs up without an answer is an error of the network', async () => {
    const { port } = await listen(
      createTcpServer((socket) => socket.once('data', () => socket.destroy())),
      '127.0.0.2',
    );
    await expect(fetchThrough(`http://127.0.0.2:${port}/`)).rejects.toThrow('socket hang up');
  });

  test('connections that break at any time, and requests that are none, throw nothing', async () => {
    const { port } = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => {});
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
        setImmediate(() => socket.resetAndDestroy());
      }),
      '127.0.0.2',
    );
    const target = `127.0.0.2:${port}`;
    const sent = [
      `CONNECT ${target} HTTP/1.1\r\n\r\n`,
      `GET http://${target}/ HTTP/1.1\r\nhost: ${target}\r\n\r\n`,
      `POST http://${target}/ HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET http://127.0.0.1/ HTTP/1.1\r\n\r\n`,
      'GET / HTTP/1.1\r\nhost: a\r\n\r\n',
      'GET ftp://127.0.0.2/ HTTP/1.1\r\nhost: a\r\n\r\n',
      'GET http://[::1 HTTP/1.1\r\nhost: a\r\n\r\n',
      'CONNECT nothing HTTP/1.1\r\n\r\n',
      'CONNECT 127.0.0.2:99999 HTTP/1.1\r\n\r\n',
      'CONNECT a b HTTP/1.1\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc',
      '\x05\x01\x00',
      `${'A'.repeat(100_000)}\r\n\r\n`,
    ];
    const { hostname, port: guardPort } = new URL(guard.url);
    const closed = sent.flatMap((bytes) =>
      [0, 1, 5].map(async (afterMs) => {
        const socket = connect(Number(guardPort), hostname);
        socket.on('error', () => {});
        socket.resume().end(bytes);
        if (afterMs > 0) setTimeout(() => socket.destroy(), afterMs);
        await new Promise<void>((resolve) => socket.once('close', () => resolve()));
      }),
    );
    await Promise.all(closed);
    const { port: alive } = await webServer('127.0.0.2');
    expect(await text(await fetchThrough(`http://127.0.0.2:${alive}/`))).toBe('hello');
  });

  test('more connections than a browser opens are turned away', async () => {
    const { port } = await listen(
      createTcpServer((socket) => socket.on('error', () => {})),
      '127.0.0.2',
    );
    const tunnels = await Promise.all(Array.from({ length: 520 }, () => tunnelThrough(`127.0.0.2:${port}`)));
    const answers = tunnels.map(({ answer }) => answer);
    expect(answers.filter((answer) => answer.includes('200')).length).toBeLessThanOrEqual(512);
    expect(answers).toContain('HTTP/1.1 503 Service Unavailable');
    for (const { tunnel } of tunnels) tunnel.destroy();
  });
});
