import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadLayout } from '../../../../worker/page/loadLayout.ts';
import type { Tab } from '../../../../worker/page/openTab.ts';
import { requestOf } from '../../../support/requestOf.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a page that has loaded and is then busy for good is given up', async () => {
  const page = { on: () => {}, goto: async () => {}, evaluate: () => new Promise(() => {}) };
  const request = requestOf('r1', { call: { id: 'a' }, source: { kind: 'demo' } });
  const loading = loadLayout({ page } as unknown as Tab, request, 'http://127.0.0.1:1/', async () => null);
  const refused = expect(loading).rejects.toMatchObject({
    code: 'page_frozen',
    message: expect.stringContaining('has not answered or painted for 15 s'),
  });
  await vi.advanceTimersByTimeAsync(15_000);
  await refused;
});
