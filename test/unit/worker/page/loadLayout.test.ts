import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadLayout } from '../../../../worker/page/loadLayout.ts';
import type { Tab } from '../../../../worker/page/openTab.ts';
import { requestOf } from '../../../support/requestOf.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const TAB = { target: {} as Tab['target'], load: never, onLoad: () => {}, probe: never, run: async () => {} };

test.each([
  ['for 15 s', {}, 15_000, '15 s'],
  ['for 5 s more than it may take to load', { load_timeout_s: 3 }, 8_000, '8 s'],
])('a page that has loaded and is then busy for good is given up: it is waited for %s', async (_long, limits, ms, said) => {
  const tab = { ...TAB, load: async () => {} };
  const request = requestOf('r1', { call: { id: 'a' }, source: { kind: 'demo' }, limits });
  const loading = loadLayout(tab, request, 'http://127.0.0.1:1/', async () => null);
  const refused = expect(loading).rejects.toMatchObject({
    code: 'page_frozen',
    message: expect.stringContaining(`has not answered or painted for ${said}`),
  });
  await vi.advanceTimersByTimeAsync(ms);
  await refused;
});

test('the token is for the site that the tab loaded first, whatever it shows later', async () => {
  const loaded: ((origin: string) => void)[] = [];
  const scripts: string[] = [];
  const tab = {
    ...TAB,
    onLoad: (listener: (origin: string) => void) => void loaded.push(listener),
    run: async (script: string) => void scripts.push(script),
  };
  const source = { kind: 'app', token: 'a-token' };
  const recording = { layout: { external_app_url: 'https://app.example/' } };
  loadLayout(tab, requestOf('r1', { call: { id: 'a' }, source, recording }), '', async () => null).catch(
    () => {},
  );
  for (const origin of ['https://app.example', 'https://other.example', 'https://app.example'])
    for (const listener of loaded) listener(origin);
  expect(scripts).toHaveLength(2);
  for (const script of scripts) expect(script).toContain('"https://app.example", "{');
});
