import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Snippet } from './snippet.ts';

const run = promisify(execFile);
const FOLDER = fileURLToPath(new URL('../../../.cache/peers/api-clients/', import.meta.url));
const PYTHON_RUNNER = fileURLToPath(new URL('runSnippets.py', import.meta.url));

/** What a client of the API is given: the address, and what a reader of the snippets fills in. */
export interface Setting {
  readonly url: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly token: string;
  readonly callId: string;
  readonly callTypeName: string;
}

/** Runs snippets as they are. Throws what the client throws. */
export interface Client {
  /** Resolves to what the snippet's call answered. */
  run(snippet: Snippet, names?: { readonly session?: string; readonly filename?: string }): Promise<unknown>;
  close(): void;
}

/** Why a client cannot be used here, or null. */
export function clientMissing(folder: string): string | null {
  const complete =
    existsSync(join(FOLDER, folder, 'complete')) || existsSync(join(FOLDER, folder, 'node_modules'));
  return complete
    ? null
    : `${folder} is not installed; STREAM_SDK=1 npm test installs it, under the licence of its own that it brings`;
}

/** The enums that the snippets name and that no version of the SDK exports. */
const ENUMS = {
  VideoRecordSettingsRequestModeEnum: { DISABLED: 'disabled', AVAILABLE: 'available', AUTO_ON: 'auto-on' },
  VideoRecordSettingsModeEnum: { DISABLED: 'disabled', AVAILABLE: 'available', AUTO_ON: 'auto-on' },
  VideoRecordSettingsRequestQualityEnum: { _720P: '720p', _1080P: '1080p' },
  VideoLayoutSettingsNameEnum: { SPOTLIGHT: 'spotlight', GRID: 'grid', CUSTOM: 'custom' },
};

export async function nodeClient(
  folder: string,
  { url, apiKey, secret, callId, callTypeName }: Setting,
): Promise<Client> {
  const { StreamClient } = createRequire(join(FOLDER, folder, 'package.json'))('@stream-io/node-sdk');
  const client = new StreamClient(apiKey, secret, { basePath: url });
  const call = client.video.call('default', callId);
  await call.getOrCreate({ data: { created_by_id: 'ann' } });
  return {
    run: async ({ prelude, code }) => {
      const answers: unknown[] = [];
      const given = { ...ENUMS, call: heard(call, answers), client: heard(client, answers), callTypeName };
      new Function(...Object.keys(given), `${prelude}${code}`)(...Object.values(given));
      return (await Promise.all(answers))[0];
    },
    close: () => {},
  };
}

/** The object, with everything noted that its methods return: the snippets do not wait for it. */
function heard<T extends object>(object: T, answers: unknown[]): T {
  return new Proxy(object, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target);
      if (typeof value === 'object' && value !== null) return heard(value, answers);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const answer = value.apply(target, args);
        answers.push(answer);
        return answer;
      };
    },
  });
}

export async function pythonClient(folder: string, setting: Setting): Promise<Client> {
  const child: ChildProcess = spawn(join(FOLDER, folder, 'bin', 'python'), [PYTHON_RUNNER], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // It warns of every field that it knows and that we leave out.
    env: { ...process.env, PYTHONWARNINGS: 'ignore' },
  });
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const ask = async (given: unknown) => {
    child.stdin?.write(`${JSON.stringify(given)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the Python program has ended');
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(answer.error);
    return answer.data;
  };
  await ask(setting);
  return {
    run: ({ prelude, code }, names = {}) => ask({ code: `${prelude}${code}`, ...names }),
    close: () => child.kill(),
  };
}

/** As it is, curl counts an answer that is an error as a success. */
const FAILING_CURL = 'curl() { command curl -sS --fail-with-body "$@"; }';

export function curlClient({ url, apiKey, token, callId, callTypeName }: Setting): Client {
  return {
    run: async ({ code }, { session = '', filename = '' } = {}) => {
      const env = { CALL_TYPE: 'default', CALL_ID: callId, API_KEY: apiKey, TOKEN: token, JWT_TOKEN: token };
      const names = { CALL_TYPE_NAME: callTypeName, SESSION_ID: session, FILENAME: filename };
      const there = code.replace('https://video.stream-io-api.com', url);
      const { stdout } = await run('bash', ['-c', `${FAILING_CURL}\n${there}`], {
        env: { ...process.env, ...env, ...names },
      });
      return JSON.parse(stdout);
    },
    close: () => {},
  };
}
