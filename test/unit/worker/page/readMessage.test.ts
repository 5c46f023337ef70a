import { expect, test } from 'vitest';
import { readMessage } from '../../../../worker/page/preload/readMessage.ts';

test.each([
  ['{"type":"ready"}', { type: 'ready' }],
  ['{"signal":"navigator"}', { signal: 'navigator' }],
  ['{"type":"participants","count":3}', { type: 'participants', count: 3 }],
  ['{"type":"left_out","count":3}', null],
  ['{"signal":"toString"}', null],
  ['{"type":{"toString":1}}', null],
  ['[]', null],
  ['null', null],
  ['{', null],
  [`{"type":"warning","message":"${'x'.repeat(4_000)}"}`, null],
  [{ type: 'ready' }, null],
  [undefined, null],
])('%j on the channel of a page means %j', (given, message) => {
  expect(readMessage(given)).toEqual(message);
});
