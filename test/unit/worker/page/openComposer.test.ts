import { EventEmitter } from 'node:events';
import type { CDPSession } from 'puppeteer';
import { expect, test, vi } from 'vitest';
import type { ComposerMessage } from '../../../../shared/recorder/composerMessages.ts';
import { openComposer } from '../../../../worker/page/openComposer.ts';

// The script is built, and nothing here runs it.
vi.mock('node:fs/promises', () => ({ readFile: async () => '' }));

const FULL = '[{"type":"full"}]';

async function open() {
  const session = new EventEmitter();
  const send = vi.fn(async () => ({ result: { value: true } }));
  const composer = await openComposer(Object.assign(session, { send }) as unknown as CDPSession);
  const heard: ComposerMessage[] = [];
  await composer.open({} as never, (messages) => heard.push(...messages));
  const tell = (payload: string) =>
    session.emit('Runtime.bindingCalled', { name: 'compositorComposed', payload });
  return { heard, tell, send };
}

test('what the composer tells is heard', async () => {
  const { heard, tell } = await open();
  for (let time = 0; time < 100; time++) tell(FULL);
  expect(heard).toEqual(Array.from({ length: 100 }, () => ({ type: 'full' })));
});

test.each<[string, () => string[]]>([
  ['something else', () => ['{"no": "message"}']],
  ['no JSON', () => ['[']],
  [
    'a negative time',
    () => [
      `[{"type":"picture","encoding":0,"isKey":true,"timestampUs":-1,"durationUs":0,"data":"","config":null}]`,
    ],
  ],
  [
    'a time that is no number',
    () => [`[{"type":"begun","startsBlank":false,"startUs":1e999,"firstSlot":0}]`],
  ],
  ['too often', () => Array.from({ length: 300 }, () => FULL)],
  ['too much', () => Array.from({ length: 20 }, () => `[{"type":"full"}${' '.repeat(9_000_000)}]`)],
])('a page that tells %s is said to have failed, once, and is not heard any more', async (_, payloads) => {
  const { heard, tell, send } = await open();
  for (const payload of payloads()) tell(payload);
  tell(FULL);
  expect(heard.at(-1)).toMatchObject({ type: 'failed' });
  expect(heard.filter(({ type }) => type === 'failed')).toHaveLength(1);
  expect(send).toHaveBeenCalledWith('Runtime.removeBinding', { name: 'compositorComposed' });
});

test('no text of a page is longer than a line of a log', async () => {
  const { heard, tell } = await open();
  tell(JSON.stringify([{ type: 'failed', message: 'x'.repeat(1_000_000) }]));
  expect(heard).toHaveLength(1);
  expect(JSON.stringify(heard).length).toBeLessThan(1_100);
});
