import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LAYOUT_OPTIONS } from '../../../../shared/layout/layoutOptions.ts';
import {
  InvalidRequestError,
  parseRecordingRequest,
} from '../../../../shared/request/parseRecordingRequest.ts';

/** What a job may take at most before it is refused, on a machine that does other things too. In milliseconds. */
const AT_ONCE_MS = 100;
const LONG = 200_000;

const job = (extra: object = {}) => ({ call: { id: 'standup' }, source: { kind: 'demo' }, ...extra });
const withOptions = (options: unknown) => job({ recording: { layout: { options } } });
const nested = (depth: number, wrap: (inner: unknown) => unknown, core: unknown = {}): unknown =>
  Array.from({ length: depth }).reduce((inner) => wrap(inner), core);

/** The refusal of a job; throws where it is not refused in that way. */
function refusalOf(given: unknown): InvalidRequestError {
  try {
    parseRecordingRequest('r1', given);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error;
    throw error;
  }
  throw new Error('The job was taken');
}

/** The processor time of the quickest of three runs, which other programs on the machine do not change. */
function costMs(work: () => void): number {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...runs);
}

describe('a job that could hold up the worker is refused at once', () => {
  const longTexts: Readonly<Record<string, string>> = {
    digits: `${'1'.repeat(LONG)}x`,
    'digits and points': `${'1.'.repeat(LONG / 2)}x`,
    spaces: `${' '.repeat(LONG)}x`,
    words: `${'a '.repeat(LONG / 2)};`,
    commas: `a${','.repeat(LONG)};`,
    brackets: '('.repeat(LONG),
    functions: 'calc('.repeat(LONG / 5),
    mixtures: 'color-mix(in srgb, '.repeat(LONG / 19),
    'a url': `url("${'"'.repeat(LONG)}`,
    'an address': `https://${'a.'.repeat(LONG / 2)}`,
    'a ratio': `1${' '.repeat(LONG)}/`,
  };

  test.each(Object.entries(longTexts))('every option with 200,000 characters of %s', (_what, text) => {
    for (const { key } of LAYOUT_OPTIONS) {
      const given = withOptions({ [key]: text });
      expect(
        costMs(() => refusalOf(given)),
        key,
      ).toBeLessThan(AT_ONCE_MS / 2);
      expect(refusalOf(given).message).not.toContain('cannot be read');
      expect(refusalOf(given).message.length).toBeLessThan(1000);
    }
  });

  test.each([
    ['functions in functions', `${'min(1px,'.repeat(15)}1px${')'.repeat(15)}`],
    ['a long sum', `calc(1px${' + 1px'.repeat(31)})`],
    ['many lengths', `max(${'1vw,'.repeat(48)}1px)`],
  ])('a length of 200 characters with %s is no work', (_what, text) => {
    const given = withOptions({ 'layout.grid.gap': text });
    expect(costMs(() => parseRecordingRequest('r1', given))).toBeLessThan(AT_ONCE_MS / 2);
  });

  test.each([
    ['a gradient without end', `linear-gradient(${'red,'.repeat(LONG / 4)}`],
    ['a long gradient', `linear-gradient(${'red,'.repeat(LONG / 4)}red)`],
    ['many layers', 'none,'.repeat(LONG / 5)],
    ['colours in colours', `linear-gradient(${'color-mix(in srgb, '.repeat(LONG / 19)}`],
    ['an image that is none', `url("data:image/png;base64,${'A'.repeat(LONG)}"`],
    ['an image and more', `url("data:image/png;base64,${'A'.repeat(LONG)}") ${'a '.repeat(LONG / 2)}`],
  ])('a background image of %s', (_what, text) => {
    const given = withOptions({ 'layout.background_image': text });
    expect(costMs(() => refusalOf(given))).toBeLessThan(AT_ONCE_MS / 2);
  });

  test('an external app with 9,000 options of its own', () => {
    const options = Object.fromEntries(Array.from({ length: 9_000 }, (_, at) => [`my_app.${at}`, at]));
    const layout = { external_app_url: 'https://app.example/', options };
    expect(costMs(() => parseRecordingRequest('r1', job({ recording: { layout } })))).toBeLessThan(
      AT_ONCE_MS,
    );
  });

  test.each<[string, (text: string) => object]>([
    ['call.id', (text) => ({ call: { id: text } })],
    ['source.url', (text) => job({ source: { kind: 'livekit', url: `wss://${text}` } })],
    ['source.base_url', (text) => job({ source: { kind: 'app', base_url: `https://${text}` } })],
    ['recording.quality', (text) => job({ recording: { quality: text } })],
    ['layout.name', (text) => job({ recording: { layout: { name: text } } })],
    [
      'layout.name of an external app',
      (name) => job({ recording: { layout: { name, external_app_url: 'https://app.example/' } } }),
    ],
    ['layout.external_css_url', (text) => job({ recording: { layout: { external_css_url: text } } })],
    ['outputs.name', (text) => job({ outputs: [{ name: text }] })],
    ['storage.endpoint', (text) => job({ storage: { kind: 's3', bucket: 'b', endpoint: `http://${text}` } })],
    ['webhook.secret', (text) => job({ webhook: { url: 'https://a.example', secret: text } })],
  ])('%s with 200,000 characters of anything', (_what, put) => {
    for (const text of [...Object.values(longTexts), `${'YWJj'.repeat(LONG / 4)}!`]) {
      const given = put(text);
      expect(costMs(() => refusalOf(given))).toBeLessThan(AT_ONCE_MS / 2);
    }
  });

  test.each([
    ['$not', (inner: unknown) => ({ $not: inner })],
    ['$and', (inner: unknown) => ({ $and: [inner] })],
    ['lists', (inner: unknown) => [inner]],
  ])('%s nested 3,000 deep', (_what, wrap) => {
    const given = withOptions({ 'participant.filter': nested(3000, wrap) });
    expect(refusalOf(given).message).toBe('invalid job: the job is nested more than 32 levels deep');
  });

  test('a job that holds itself', () => {
    const given: Record<string, unknown> = job();
    given.recording = given;
    expect(refusalOf(given).message).toContain('nested more than 32 levels deep');
  });

  test('a key of ten million characters', () => {
    const given = withOptions({ ['x'.repeat(10_000_000)]: 1 });
    expect(costMs(() => refusalOf(given))).toBeLessThan(AT_ONCE_MS);
    expect(refusalOf(given).message).toBe('invalid job: the job is larger than 1048576 characters');
  });

  test('50,000 unknown keys', () => {
    const given = withOptions(
      Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`key${at}`, at])),
    );
    expect(costMs(() => refusalOf(given))).toBeLessThan(AT_ONCE_MS);
    expect(refusalOf(given).message).toBe('invalid job: the job has more than 10000 values');
  });

  test.each([
    ['options', withOptions],
    ['keys', (unknown: object) => job(unknown)],
    ['settings', (unknown: object) => job({ recording: unknown })],
  ])('9,000 unknown %s', (_what, wrap) => {
    const unknown = Object.fromEntries(
      Array.from({ length: 9_000 }, (_, at) => [`${'title.color'.repeat(8)}${at}`, at]),
    );
    const given = wrap(unknown);
    expect(costMs(() => refusalOf(given))).toBeLessThan(AT_ONCE_MS);
  });

  test('4,900 custom actions, each of them wrong', () => {
    const custom_actions = Array.from({ length: 4_900 }, () => ({ action_type: 'nonsense' }));
    expect(costMs(() => refusalOf(withOptions({ custom_actions })))).toBeLessThan(AT_ONCE_MS);
  });
});

describe('a refusal stays readable', () => {
  test('it lists 20 problems and counts the others', () => {
    const unknown = Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`key${at}`, at]));
    for (const error of [refusalOf(withOptions(unknown)), refusalOf(job(unknown))]) {
      expect(error.problems).toHaveLength(20);
      expect(error.message).toMatch(/; and 1980 more$/);
      expect(error.message.length).toBeLessThan(10_000);
    }
  });

  test('it shortens long names and values', () => {
    const long = 'x'.repeat(100_000);
    const { problems } = refusalOf(
      job({
        [long]: 1,
        recording: { quality: long, layout: { options: { [long]: long, 'title.color': long } } },
      }),
    );
    expect(problems.length).toBeGreaterThan(2);
    for (const { path, message } of problems) expect(path.length + message.length).toBeLessThan(450);
  });
});

describe('a job with values that are no settings is refused like any other', () => {
  test.each([
    [{ quality: { toString: 1 } }, 'recording.quality: unknown quality {"toString":1}'],
    [{ quality: { toString: null, valueOf: {} } }, 'recording.quality: unknown quality'],
    [{ encoding: { container: { toString: [] } } }, 'recording.encoding.container: unknown container'],
    [{ layout: { options: { 'title.color': { toString: 1 } } } }, 'layout option "title.color"'],
    [{ layout: { options: { constructor: 1 } } }, 'unknown layout option "constructor"'],
    [{ layout: { options: { toString: 1 } } }, 'unknown layout option "toString"'],
    [{ constructor: { prototype: 1 } }, 'recording.constructor: unknown key'],
  ])('recording: %j', (recording, message) => {
    expect(refusalOf(job({ recording })).message).toContain(message);
  });

  test.each([
    '{"__proto__": {"isAdmin": true}}',
    '{"recording": {"layout": {"options": {"__proto__": {}}}}}',
  ])('%s', (text) => {
    expect(refusalOf(job(JSON.parse(text))).message).toContain('unknown key: "__proto__"');
    expect(({} as Record<string, unknown>).isAdmin).toBeUndefined();
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'job'],
    ['a list', []],
    ['a source whose kind is an object', job({ source: { kind: { toString: 1 } } })],
    ['a function', job({ call: () => {} })],
    ['a symbol', job({ webhook: Symbol('x') })],
    ['a big number', job({ limits: { max_duration_s: 10n } })],
    [
      'a property that throws',
      {
        get call() {
          throw new Error('boom');
        },
      },
    ],
  ])('%s', (_what, given) => {
    expect(refusalOf(given)).toBeInstanceOf(InvalidRequestError);
  });

  test('whatever stands in any place of it', () => {
    const place = fc.constantFrom<(value: unknown) => unknown>(
      (value) => job({ recording: { layout: { options: { 'participant.filter': value } } } }),
      (value) => job({ recording: { layout: { options: { custom_actions: [value] } } } }),
      (value) => job({ recording: { layout: { options: value } } }),
      (value) => job({ recording: { layout: value } }),
      (value) => job({ recording: value }),
      (value) => job({ storage: value, outputs: [value] }),
      (value) => job({ source: value, webhook: value }),
      ...LAYOUT_OPTIONS.map(
        ({ key }) =>
          (value: unknown) =>
            withOptions({ [key]: value }),
      ),
    );
    fc.assert(
      fc.property(place, fc.jsonValue(), (put, value) => {
        try {
          parseRecordingRequest('r1', put(value));
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
          expect((error as Error).message).not.toContain('cannot be read');
        }
      }),
      { numRuns: 1000 },
    );
  });
});
