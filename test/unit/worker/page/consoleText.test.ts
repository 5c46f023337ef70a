import { expect, test } from 'vitest';
import { consoleText, type LoggedValue, thrownText } from '../../../../worker/page/consoleText.ts';

const text = (value: string): LoggedValue => ({ type: 'string', value });
const error: LoggedValue = {
  type: 'object',
  subtype: 'error',
  description: 'TypeError: x is null\n    at join (https://app.example/a.js:1:2)',
};
const fields: LoggedValue = {
  type: 'object',
  description: 'Object',
  preview: {
    type: 'object',
    overflow: true,
    properties: [
      { name: 'code', type: 'number', value: '401' },
      { name: 'reason', type: 'string', value: 'expired' },
    ],
  },
};
const list: LoggedValue = {
  type: 'object',
  subtype: 'array',
  preview: {
    type: 'object',
    subtype: 'array',
    overflow: false,
    properties: [{ name: '0', type: 'number', value: '7' }],
  },
};

test.each<[string, LoggedValue[], string]>([
  ['texts', [text('a'), text('b')], 'a b'],
  ['an error without its stack', [text('join failed'), error], 'join failed TypeError: x is null'],
  ['an object with its fields', [fields], '{code: 401, reason: "expired", …}'],
  ['a list with its entries', [list], '[7]'],
  [
    'placeholders',
    [text('%s has %d%% of %c%o'), text('anna'), { type: 'number', value: 5 }, text('color: red'), fields],
    'anna has 5% of {code: 401, reason: "expired", …}',
  ],
  ['a placeholder without a value', [text('%s')], '%s'],
  [
    'undefined and a big number',
    [{ type: 'undefined' }, { type: 'bigint', unserializableValue: '1n' }],
    'undefined 1n',
  ],
  ['nothing', [], ''],
])('%s', (_what, values, expected) => {
  expect(consoleText(values)).toBe(expected);
});

test.each([
  [new TypeError('x is null'), 'TypeError: x is null'],
  [new Error(), 'Error'],
  ['a text', 'a text'],
  [null, 'null'],
  [new Error('Object'), ''],
  [{ code: 1 }, ''],
])('%o thrown is told as "%s"', (thrown, expected) => {
  expect(thrownText(thrown)).toBe(expected);
});
