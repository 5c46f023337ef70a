import fc from 'fast-check';

/** Texts that parsers of numbers, colours, lengths, images, addresses and secrets have something to do with. */
const FRAGMENTS = [
  ...['1', '1.', '-', 'e9', '0x', '1e308', ' ', '\t', '\n', ',', ';', ':', '/', '\\', '"', "'", '(', ')'],
  ...[
    '{',
    '}',
    '[',
    ']',
    '<',
    '>',
    '%',
    '#',
    '*',
    '+',
    'a',
    'px',
    'rem',
    '/*',
    '*/',
    '<!--',
    'url(',
    'calc(',
  ],
  ...['min(', 'color-mix(in srgb, ', 'rgb(', 'linear-gradient(', 'var(--x', '@import', '!important', '%25'],
  ...['https://', 'wss://', 'user:pass@', '?token=', '&sig=', 'data:image/png;base64,', 'whsec_', 'YWJj'],
  ...['\ud800', '\udc00', '\u0000', '\u202e', '\ufeff', 'é', '日', '😀', 'ﬀ', '$', '%s', '..', '../'],
];

const fragment = fc.constantFrom(...FRAGMENTS);

const shortText = fc.array(fragment, { maxLength: 30 }).map((parts) => parts.join(''));

/** Up to 300,000 characters, of which most are one fragment again and again: what slow patterns stumble over. */
const longText = fc
  .tuple(shortText, fragment, fc.integer({ min: 1_000, max: 300_000 }), shortText)
  .map(([before, repeated, length, after]) => {
    return before + repeated.repeat(Math.ceil(length / repeated.length)) + after;
  });

const oddNumber = fc.oneof(
  fc.constantFrom(0, -0, -1, 0.1, 1e308, -1e308, 2 ** 53, 2 ** 31, 5e-324, 1e21, 721),
  fc.double(),
);

const oddObject = fc
  .constantFrom(
    '{"toString":1}',
    '{"toString":null,"valueOf":{}}',
    '{"__proto__":{"polluted":1}}',
    '{"constructor":{"prototype":{"polluted":1}}}',
    '{"length":1000000000}',
    '{"then":1}',
    '{"toJSON":1}',
    '{"kind":{"toString":1}}',
    '{"kind":"__proto__"}',
    '{"$in":[[[[]]]]}',
    '[[],[[]],[[[]]]]',
    '[null,null]',
    '[]',
    '{}',
  )
  .map((text): unknown => JSON.parse(text));

const deep = fc
  .tuple(fc.constantFrom('$not', '$and', 'list', 'options', 'custom_actions', '__proto__'), fc.nat(3_000))
  .map(([key, depth]) => {
    let inner: unknown = {};
    for (let at = 0; at < depth; at += 1) {
      if (key === 'list' || key === '$and') inner = [inner];
      if (key !== 'list') inner = Object.fromEntries([[key, inner]]);
    }
    return inner;
  });

const wide = fc
  .tuple(fc.integer({ min: 100, max: 50_000 }), fragment, fc.boolean())
  .map(([count, value, isList]) => {
    if (isList) return Array.from({ length: count }, () => value);
    return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${value}${at}`, at]));
  });

/** A list with holes, as a caller in the same process may give it. */
const sparse = fc.constantFrom(3, 9_999, 1_000_000, 2 ** 32 - 1).map((length) => {
  const list: unknown[] = [1];
  list.length = length;
  return list;
});

/** What no field of a job expects, and now and then what it does; about one in fifty is large. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 30, arbitrary: shortText },
  { weight: 10, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 15, arbitrary: oddNumber },
  { weight: 15, arbitrary: oddObject },
  { weight: 15, arbitrary: fc.jsonValue() },
  { weight: 9, arbitrary: fc.constantFrom(null, undefined, true, false, '') },
  { weight: 2, arbitrary: sparse },
  { weight: 2, arbitrary: longText },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: wide },
);
