import { connect } from 'node:net';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { KEYS, signToken } from '../support/startApi.ts';

/** Names and values that fields of the API have, and names that every object has. */
const KNOWN = [
  ...['settings', 'settings_override', 'recording', 'mode', 'layout', 'options', 'data', 'members', 'name'],
  ...[
    'grants',
    'aws_s3',
    'constructor',
    'toString',
    '__proto__',
    '',
    'quality',
    'external_storage',
    'custom',
  ],
  ...[
    'event_hooks',
    'hook_type',
    'webhook_url',
    'roomName',
    'roomId',
    'config',
    'file',
    'fileOutputs',
    'egressId',
  ],
];
const VALUES = [
  'available',
  'disabled',
  'auto-on',
  '720p',
  'grid',
  's3',
  'webhook',
  'sqs',
  'default',
  'http://a.example',
];
const TYPES = [
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'a/b; c=',
  '',
];
const VERBS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'];
const ID = 'acme-key';

/** Paths that the OpenAPI document does not have: those of other vendors, of links and of webhooks. */
const BY_HAND: readonly (readonly [string, string])[] = [
  ...['StartRoomCompositeEgress', 'StartWebEgress', 'StopEgress', 'ListEgress', '{method}'].map(
    (name) => ['post', `/twirp/livekit.Egress/${name}`] as const,
  ),
  ...[
    `/Calls/{call}/Recordings.json`,
    '/Recordings/{sid}.json',
    '/Calls/{call}/Recordings/{sid}.json',
  ].flatMap((path) =>
    ['get', 'post', 'delete'].map((method) => [method, `/2010-04-01/Accounts/${ID}${path}`] as const),
  ),
  ...['/start', '/end', '/participant/start'].map((path) => ['post', `/v2/recordings${path}`] as const),
  ...['', '/{id}'].map((path) => ['get', `/v2/recordings${path}`] as const),
  ['delete', '/v2/recordings/{id}'],
  ['get', '/v2/public/rsa-public-key'],
  ...['', '/{id}'].map((path) => ['get', `/ai/v1/post-transcriptions${path}`] as const),
  ['post', '/webhooks/livekit/{tenant}'],
  ['get', '/files/acme/{recording}/{name}'],
  ['get', '/video/connect'],
  ['post', '/{anything}'],
];

/** Values of every type, deep and wide. */
const anything = fc.object({
  ...{ maxDepth: 4, maxKeys: 6, withNullPrototype: false },
  key: fc.oneof(fc.constantFrom(...KNOWN), fc.string()),
  values: [
    ...[
      fc.string({ unit: 'grapheme' }),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(''),
    ],
    ...[fc.constantFrom(...VALUES), fc.string({ maxLength: 5_000 })],
  ],
});
const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.constantFrom('default', 'a', '..', '%', '__proto__', 'Twilio.CURRENT', `RE${'0'.repeat(32)}`, 'acme'),
);
const deep = fc.integer({ min: 1, max: 20_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`);

export interface FuzzWorld {
  readonly url: string;
  readonly requests: number;
  readonly seed?: number;
}

/**
 * Sends malformed requests made from the OpenAPI document and by hand. Throws an Error with the first one that is
 * answered with a fault of the server, or not in the shape of its vendor. Resolves to how often each status came.
 */
export async function fuzzApi({ url, requests, seed }: FuzzWorld): Promise<Map<number, number>> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as { paths: Record<string, object> };
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method, path] as const),
  );
  const tokens = await tokensOf();
  const counts = new Map<number, number>();
  const asked = fc.record({
    route: fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...described) }, fc.constantFrom(...BY_HAND)),
    verb: fc.option(fc.constantFrom(...VERBS)),
    names: fc.array(name, { minLength: 4, maxLength: 4 }),
    body: fc.oneof(
      anything.map((given) => JSON.stringify(given)),
      fc.string(),
      fc.constant(''),
      fc.uint8Array({ maxLength: 2_000 }),
      deep,
    ),
    type: fc.constantFrom(...TYPES),
    encoding: fc.option(fc.constantFrom('gzip', 'br', 'identity', 'nonsense')),
    query: fc.string({ unit: 'grapheme' }),
    isKnown: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      asked,
      async ({ route: [method, path], verb, names, body, type, encoding, query, isKnown }) => {
        const left = [...names];
        const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(left.pop() ?? 'a'));
        const more = new URLSearchParams({
          api_key: KEYS.acme.key,
          cursor: query,
          PageToken: query,
          roomId: query,
          // Whoever names a position that there is hears events without end.
          after: `no position ${query}`,
        });
        const token = tokens.find(({ begin }) => path.startsWith(begin))?.token ?? '';
        const used = verb ?? method.toUpperCase();
        const answer = await fetch(`${url}${filled}?${more}`, {
          method: used,
          headers: {
            ...(isKnown || used === 'GET'
              ? { authorization: token }
              : { authorization: query.replace(/[^\x21-\x7e]/g, '') }),
            ...(type && { 'content-type': type }),
            ...(encoding && { 'content-encoding': encoding }),
          },
          redirect: 'manual',
          ...(used === 'GET' || used === 'HEAD' ? {} : { body }),
        });
        counts.set(answer.status, (counts.get(answer.status) ?? 0) + 1);
        judge(new URL(`${url}${filled}`).pathname, used, answer.status, await answer.text());
      },
    ),
    { numRuns: requests, ...(seed === undefined ? {} : { seed }) },
  );
  return counts;
}

/** Throws an Error if an answer is a fault of the server, or an error that a client of its vendor could not read. */
function judge(path: string, verb: string, status: number, text: string): void {
  // 501 names what is not built.
  if (status >= 500 && status !== 501) throw new Error(`HTTP status ${status}: ${text.slice(0, 300)}`);
  if (status < 400 || verb === 'HEAD') return;
  const body = JSON.parse(text) as Record<string, unknown>;
  const expected = path.startsWith('/twirp/')
    ? { code: 'string', msg: 'string' }
    : path.startsWith('/2010-04-01/')
      ? { code: 'number', message: 'string', status: 'number', more_info: 'string' }
      : /^\/(v2|ai)\//.test(path)
        ? { code: 'number', message: 'string' }
        : {
            code: 'number',
            message: 'string',
            StatusCode: 'number',
            duration: 'string',
            more_info: 'string',
            details: 'object',
          };
  for (const [field, type] of Object.entries(expected))
    if (typeof body[field] !== type)
      throw new Error(`"${field}" is not as its clients read it: ${text.slice(0, 300)}`);
}

async function tokensOf(): Promise<{ begin: string; token: string }[]> {
  const { key, secret } = KEYS.acme;
  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(key)
      .sign(new TextEncoder().encode(secret));
  return [
    { begin: '/twirp/', token: `Bearer ${await sign({ video: { roomRecord: true } })}` },
    { begin: '/2010-04-01/', token: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` },
    { begin: '/v2/', token: await sign({ apikey: key }) },
    { begin: '/ai/', token: await sign({ apikey: key }) },
    { begin: '/', token: await signToken({}, 'acme') },
  ];
}

/** What no client of HTTP would send. Each line ends with a return and a line feed. */
const RAW: readonly string[] = [
  'GET / HTTP/9.9\r\n\r\n',
  'NONSENSE\r\n\r\n',
  '\0\0\0\0\r\n\r\n',
  `GET /${'a'.repeat(70_000)} HTTP/1.1\r\nhost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nhost: a\r\n${'x: y\r\n'.repeat(3_000)}\r\n`,
  `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
  'GET /%E0%A4%A HTTP/1.1\r\nhost: a\r\n\r\n',
  'GET //////..//..//etc/passwd HTTP/1.1\r\nhost: a\r\n\r\n',
  'GET http://[::1 HTTP/1.1\r\nhost: a\r\n\r\n',
  'GET / HTTP/1.1\r\nhost: \x01\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'POST /api/v2/video/call/a/b HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
  'POST /api/v2/video/call/a/b HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n',
  'POST /api/v2/video/call/a/b HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
  'POST /api/v2/video/call/a/b HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n',
  'POST /twirp/livekit.Egress/ListEgress HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\n{',
  'GET /video/connect HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: x\r\n\r\n',
  'GET /docs HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
];

/** Sends what is no HTTP. Throws an Error if the server answers with a fault of its own, or does not answer others any more. */
export async function sendNonsense(url: string): Promise<number> {
  const { hostname, port } = new URL(url);
  for (const sent of RAW) {
    const text = await new Promise<string>((resolve) => {
      let heard = '';
      const socket = connect(Number(port), hostname, () => socket.write(sent));
      socket.setTimeout(500, () => socket.destroy());
      socket.on('data', (chunk) => {
        heard += String(chunk);
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(heard));
    });
    if (/^HTTP\/1\.1 50[02-9]/.test(text))
      throw new Error(`${JSON.stringify(sent.slice(0, 80))}: ${text.slice(0, 200)}`);
    if (!(await fetch(`${url}/healthz`)).ok)
      throw new Error(`no answer after ${JSON.stringify(sent.slice(0, 80))}`);
  }
  return RAW.length;
}
