import { expect, test } from 'vitest';
import { consoleText } from '../../../../worker/page/preload/consoleText.ts';
import { thrownText } from '../../../../worker/page/preload/thrownText.ts';

const fields = { code: 401, reason: 'expired', of: { a: 1 }, list: [1], e: null, f: 6 };

test.each<[string, unknown[], string]>([
  ['texts', ['a', 'b'], 'a b'],
  [
    'an error without its stack',
    ['join failed', new TypeError('x is null')],
    'join failed TypeError: x is null',
  ],
  [
    'an object with its first fields',
    [fields],
    '{code: 401, reason: "expired", of: Object, list: Array(1), e: null, …}',
  ],
  ['a list with its entries', [[7, 'a']], '[7, "a"]'],
  [
    'placeholders',
    ['%s has %d%% of %c%o', 'anna', 5, 'color: red', { code: 401 }],
    'anna has 5% of {code: 401}',
  ],
  ['a placeholder without a value', ['%s'], '%s'],
  ['undefined and a big number', [undefined, 1n], 'undefined 1n'],
  ['a function and a symbol', [() => {}, Symbol('x')], 'function Symbol(x)'],
  ['nothing', [], ''],
  ['a long text, cut', ['x'.repeat(1e6), 'y'.repeat(1e6)], `${'x'.repeat(500)} ${'y'.repeat(500)}`],
  ['a hundred values, of which the first 20', Array(100).fill(1), Array(20).fill(1).join(' ')],
])('%s', (_what, values, expected) => {
  expect(consoleText(values)).toBe(expected);
});

test('what an object does when it is looked at is not its text', () => {
  const touched: string[] = [];
  const object = {
    get secret() {
      touched.push('getter');
      return 1;
    },
  };
  const proxy = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  expect(consoleText([object, proxy])).toBe('{secret: undefined} object');
  expect(touched).toEqual([]);
});

test.each([
  [new TypeError('x is null'), 'TypeError: x is null'],
  [new Error(), 'Error'],
  ['a text', 'a text'],
  [null, 'null'],
  [{ code: 1 }, '{"code":1}'],
  ['x'.repeat(1_000), 'x'.repeat(500)],
])('%o thrown is told as "%s"', (thrown, expected) => {
  expect(thrownText(thrown)).toBe(expected);
});
