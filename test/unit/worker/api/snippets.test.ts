import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Client,
  clientMissing,
  curlClient,
  nodeClient,
  pythonClient,
  type Setting,
} from '../../../support/snippets/clients.ts';
import { readSnippets } from '../../../support/snippets/readSnippets.ts';
import type { Snippet, Tab } from '../../../support/snippets/snippet.ts';
import { type ApiWorld, KEYS, startApi } from '../../../support/startApi.ts';
import { redisMissing } from '../../../support/startRedis.ts';

const { snippets, areOurs } = readSnippets();
const TYPE = 'meeting';
/** The names of the documentation for what its reader has to fill in. They are used as they are. */
const PLACEHOLDERS = { session: '<session id>', filename: '<filename>', callType: '<call type name>' };

/** Which client runs which tab. Python from 3.0 on asks for a kind of recording that the snippets do not name. */
const CLIENTS: readonly {
  name: string;
  tab: Tab;
  open: (setting: Setting) => Promise<Client>;
  leavesOut?: RegExp;
}[] = [
  ...['node-0.7.40', 'node-0.7.64'].map((name) => ({
    ...{ name, tab: 'JavaScript' as const, open: (setting: Setting) => nodeClient(name, setting) },
  })),
  {
    ...{ name: 'node-0.3.0', tab: 'JavaScript@0.3 (deprecated)' },
    open: (setting) => nodeClient('node-0.3.0', setting),
  },
  { name: 'getstream-2.7.1', tab: 'Python', open: (setting) => pythonClient('getstream-2.7.1', setting) },
  {
    ...{
      name: 'getstream-7.0.0',
      tab: 'Python',
      open: (setting) => pythonClient('getstream-7.0.0', setting),
    },
    leavesOut: /(?:start|stop)_recording/,
  },
  { name: 'curl', tab: 'cURL', open: async (setting) => curlClient(setting) },
];

let world: ApiWorld;
const table: string[] = [];

beforeAll(async () => {
  if (areOurs)
    console.warn('The documentation is not on this machine: statements of our own are run instead.');
  world = await startApi();
  for (const name of [TYPE, PLACEHOLDERS.callType])
    await world.call('POST', '/api/v2/video/calltypes', { name });
});
afterAll(async () => {
  await world?.close();
  console.info(['| client | snippet | result |', '| --- | --- | --- |', ...table].join('\n'));
});

test.skipIf(areOurs)('every snippet of the documentation is found', () => {
  const count = (tab: Tab) => snippets.filter((snippet) => snippet.tab === tab).length;
  expect([count('JavaScript'), count('Python'), count('cURL'), count('JavaScript@0.3 (deprecated)')]).toEqual(
    [12, 13, 12, 8],
  );
});

for (const { name, tab, open, leavesOut } of CLIENTS) {
  const missing = missingReason(name);
  if (missing) console.warn(`The snippets of ${tab} are not run with ${name}: ${missing}`);
  test.skipIf(redisMissing ?? missing)(
    `the snippets of ${tab} run unedited with ${name}`,
    { timeout: 60_000 },
    async () => {
      const callId = `snippets-${name}`;
      const { key: apiKey, secret } = KEYS.acme;
      const client = await open({
        url: world.url,
        apiKey,
        secret,
        token: await world.token(),
        callId,
        callTypeName: TYPE,
      });
      try {
        for (const snippet of snippets.filter((one) => one.tab === tab)) {
          const isLeftOut = leavesOut?.test(snippet.code) ?? false;
          const line = snippet.code.replace(/\s+/g, ' ').slice(0, 90);
          table.push(
            `| ${name} | \`${line}\` | ${isLeftOut ? 'left out: this version needs a parameter more' : 'passed'} |`,
          );
          if (isLeftOut) continue;
          await judge(client, snippet, callId).catch((error) => {
            table.pop();
            throw new Error(`${snippet.code}\n${error.message}`, { cause: error });
          });
        }
      } finally {
        client.close();
      }
    },
  );
}

/** Runs a snippet and looks whether the server did what it says. */
async function judge(client: Client, snippet: Snippet, callId: string): Promise<void> {
  const { code } = snippet;
  if (/start_?recording/i.test(code)) {
    await client.run(snippet);
    return void (await world.begins(await runningId(callId)));
  }
  if (/stop_?recording/i.test(code)) {
    const id = await runningId(callId);
    await client.run(snippet);
    expect((await world.call('GET', `/api/v1/recordings/${id}`)).body.state).toBe('stopping');
    return void (await world.ends(id));
  }
  if (
    /list_?recordings/i.test(code) ||
    (code.startsWith('curl') && code.includes('/recordings?') && !/-X /.test(code)) ||
    /-X GET/.test(code)
  ) {
    const { sessionId, filename } = await world.keep(callId);
    const { recordings } = (await client.run(snippet)) as {
      recordings: { session_id: string; filename: string }[];
    };
    expect(recordings).toContainEqual(expect.objectContaining({ session_id: sessionId, filename }));
    return;
  }
  if (/delete_?recording|-X DELETE/i.test(code)) {
    const isJavaScript = snippet.tab.startsWith('JavaScript');
    const kept = await world.keep(
      callId,
      isJavaScript ? { sessionId: PLACEHOLDERS.session, filename: PLACEHOLDERS.filename } : {},
    );
    await client.run(snippet, { session: kept.sessionId, filename: kept.filename });
    expect((await world.call('GET', `/api/v1/recordings/${kept.id}`)).status).toBe(404);
    return;
  }
  await client.run(snippet);
  expect(await settingsOf(code, callId)).toMatchObject(expectedSettings(snippet));
}

async function runningId(callId: string): Promise<string> {
  const query = `call_type=default&call_id=${callId}&limit=1`;
  const { recordings } = (await world.call('GET', `/api/v1/recordings?${query}`)).body;
  expect(recordings[0]?.state).toMatch(/queued|recording/);
  return recordings[0].id;
}

/** The settings of what a snippet changes, as the server has them now. */
async function settingsOf(code: string, callId: string): Promise<unknown> {
  const isOfType = /call_?type\(|calltypes/i.test(code);
  const name = code.includes(PLACEHOLDERS.callType)
    ? PLACEHOLDERS.callType
    : /update_call_type/.test(code)
      ? 'default'
      : TYPE;
  const path = isOfType ? `calltypes/${encodeURIComponent(name)}` : `call/default/${callId}`;
  const { body } = await world.call('GET', `/api/v2/video/${path}`);
  return (isOfType ? body : body.call).settings.recording;
}

/** What a snippet sets, read from its text. */
function expectedSettings({ prelude, code }: Snippet): Record<string, unknown> {
  const read = (field: string) => {
    const [, text, name] =
      new RegExp(`\\b${field}['"]?\\s*[:=]\\s*(?:['"]([^'"]+)['"]|\\w+\\._?([A-Z\\d_]+))`).exec(code) ?? [];
    return text ?? name?.toLowerCase().replace('_', '-');
  };
  const audioOnly = /audio_only['"]?\s*[:=]\s*(true|false)/i.exec(code)?.[1]?.toLowerCase();
  const layout = {
    name: /layout/.test(code) ? layoutName(code) : undefined,
    external_css_url: read('external_css_url'),
    external_app_url: read('external_app_url'),
    options:
      /layout_?options/i.test(`${prelude}`) || /"options"/.test(code)
        ? { 'title.text': 'Building Stream Video Q&A' }
        : undefined,
  };
  return {
    ...present({ mode: read('mode'), quality: read('quality') }),
    ...(audioOnly === undefined ? {} : { audio_only: audioOnly === 'true' }),
    ...(/\blayout\b/.test(code) ? { layout: present(layout) } : {}),
  };
}

function layoutName(code: string): string | undefined {
  return /\b(spotlight|custom)\b/i.exec(code.slice(code.search(/\blayout\b/)))?.[1]?.toLowerCase();
}

function present(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function missingReason(name: string): string | null {
  if (name !== 'curl') return clientMissing(name);
  try {
    execFileSync('curl', ['--version']);
    return null;
  } catch {
    return 'curl is not on PATH';
  }
}
