import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLayoutInUse } from '../../../../worker/page/layoutInUse.ts';
import { loadLayout } from '../../../../worker/page/loadLayout.ts';
import type { Tab } from '../../../../worker/page/openTab.ts';
import { requestOf } from '../../../support/requestOf.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const never = () => new Promise<never>(() => {});
const TAB = {
  target: {} as Tab['target'],
  alsoLimit: async () => {},
  load: never,
  onLoad: () => {},
  probe: never,
  run: async () => {},
};

test.each([
  ['for 15 s', {}, 15_000, '15 s'],
  ['for 5 s more than it may take to load', { load_timeout_s: 3 }, 8_000, '8 s'],
])('a page that has loaded and is then busy for good is given up: it is waited for %s', async (_long, limits, ms, said) => {
  const tab = { ...TAB, load: async () => {} };
  const shown = shownOf({ source: { kind: 'demo' }, limits });
  const loading = loadLayout(tab, shown, 'http://127.0.0.1:1/', async () => null);
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
  loadLayout(tab, shownOf({ source, recording }), '', async () => null).catch(() => {});
  for (const origin of ['https://app.example', 'https://other.example', 'https://app.example'])
    for (const listener of loaded) listener(origin);
  await vi.advanceTimersByTimeAsync(0);
  expect(scripts).toHaveLength(2);
  for (const script of scripts) expect(script).toContain('"https://app.example", "{');
});

test('a page is told of a layout that is changed, and so is the page that is loaded after it', async () => {
  const loaded: ((origin: string) => void)[] = [];
  const told: unknown[] = [];
  const limited: unknown[] = [];
  const tab = {
    ...TAB,
    alsoLimit: async (addresses: readonly unknown[]) => void limited.push(...addresses),
    onLoad: (listener: (origin: string) => void) => void loaded.push(listener),
    run: async (script: string) => void told.push(configIn(script)),
  };
  const shown = shownOf({ source: { kind: 'demo' }, recording: { layout: { name: 'grid' } } });
  loadLayout(tab, shown, 'http://own.example', async () => null).catch(() => {});
  const image = 'https://images.example/logo.png';
  shown.layout.change({ options: { 'title.text': 'before it has loaded' } }, '1-0');
  for (const listener of loaded) listener('http://own.example');
  await vi.advanceTimersByTimeAsync(0);
  shown.layout.change({ name: 'spotlight', options: { 'title.text': null, 'logo.image_url': image } }, '2-0');
  await vi.advanceTimersByTimeAsync(0);
  for (const listener of loaded) listener('http://own.example');
  await vi.advanceTimersByTimeAsync(0);
  const changed = { layout: 'spotlight', options: { 'logo.image_url': image } };
  expect(told).toMatchObject([
    { layout: 'grid', options: { 'title.text': 'before it has loaded' } },
    changed,
    changed,
  ]);
  expect(limited).toContainEqual({ kind: 'image', url: image });
});

describe('in a page that is changed', () => {
  /** Runs the scripts for a page at this address, and makes so many changes of its layout. */
  async function changing(href: string, recording: object, names: readonly string[]) {
    const loaded: ((origin: string) => void)[] = [];
    const scripts: string[] = [];
    const tab = {
      ...TAB,
      onLoad: (listener: (origin: string) => void) => void loaded.push(listener),
      run: async (script: string) => void scripts.push(script),
    };
    const source = { kind: 'app', url: 'wss://lk.example', token: 'jwt' };
    const shown = shownOf({ source, recording });
    loadLayout(tab, shown, '', async () => null).catch(() => {});
    const location = new URL(href);
    for (const listener of loaded) listener(location.origin);
    for (const name of names) {
      await vi.advanceTimersByTimeAsync(0);
      shown.layout.change({ name }, '1-0');
    }
    await vi.advanceTimersByTimeAsync(0);
    const window: { setupLayout?: (config: unknown) => void } = {};
    const addresses: string[] = [];
    const replaceState = (_state: unknown, _title: string, address: string) => {
      addresses.push(address);
      location.href = new URL(address, location).href;
    };
    const history = { state: null, replaceState };
    for (const script of scripts)
      void new Function('window', 'location', 'history', `return ${script}`)(window, location, history);
    return { window, addresses };
  }

  test('one script waits for setupLayout, however often it is changed, and calls it with the last of all', async () => {
    const layout = { external_app_url: 'https://app.example/' };
    const { window } = await changing('https://app.example/', { layout }, ['one', 'two', 'three']);
    expect(vi.getTimerCount()).toBe(1);
    const setupLayout = vi.fn();
    window.setupLayout = setupLayout;
    await vi.advanceTimersByTimeAsync(100);
    expect(setupLayout).toHaveBeenCalledOnce();
    expect(setupLayout.mock.lastCall?.[0]).toMatchObject({ layout: 'three' });
  });

  test('the address names the layout of now, so that a page that loads itself anew has it', async () => {
    const layout = { name: 'grid', external_app_url: 'https://app.example/?a=b%20c', exact_name: true };
    const href = 'https://app.example/?a=b%20c&layout=grid&token=jwt#room';
    const { addresses } = await changing(href, { layout }, ['spotlight']);
    expect(addresses).toEqual(['/?a=b%20c&layout=spotlight&token=jwt#room']);
  });

  test('an address stays as it is where the job wrote the layout in it', async () => {
    const layout = { name: 'grid', external_app_url: 'https://app.example/?layout=mine' };
    expect((await changing('https://app.example/?layout=mine', { layout }, ['other'])).addresses).toEqual([]);
  });
});

function shownOf(job: object) {
  const request = requestOf('r1', { call: { id: 'a' }, ...job });
  return { request, layout: createLayoutInUse(request.layout) };
}

/** The configuration that a script passes to setupLayout, as JSON in a text. */
function configIn(script: string): unknown {
  const [text] = /"\{.*\}"/.exec(script) ?? [];
  return JSON.parse(JSON.parse(String(text)));
}
