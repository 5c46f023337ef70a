import fc from 'fast-check';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { hostileValue } from './hostileValue.ts';

/** One change of a job: what is put at which place of it. Places are chosen by numbers, so that a seed repeats them. */
interface Change {
  readonly turns: readonly number[];
  readonly how: 'replace' | 'add' | 'remove' | 'wrap' | 'rename';
  readonly key: string;
  readonly value: unknown;
}

type Holder = Record<string, unknown>;

const S3 = { kind: 's3', bucket: 'b', region: 'eu-west-1', endpoint: 'https://s3.example', prefix: 'p' };

/** Jobs that use the whole schema, one for each kind of source. */
const VALID: readonly string[] = [
  { kind: 'demo', participants: 5, script: 'steady', duration_s: 5 },
  { kind: 'livekit', url: 'wss://call.example', token: 'eyJhbGciOi.token-of-a.call' },
  { kind: 'app', api_key: 'key', token: 'token-of-an-app', user_id: 'u', base_url: 'https://b.example' },
].map((source) =>
  JSON.stringify({
    kind: 'composed',
    call: { type: 'default', id: 'standup', session_id: 's1' },
    source,
    recording: {
      mode: 'available',
      audio_only: false,
      quality: '720p',
      encoding: { container: 'mp4', frame_rate: 30 },
      layout: {
        name: 'grid',
        options: {
          'title.text': 'Stand-up',
          'layout.background_image': 'linear-gradient(red, blue)',
          'participant.filter': { $and: [{ name: 'x' }, { $not: { roles: { $contains: 'host' } } }] },
          custom_actions: [
            {
              action_type: 'options_override',
              options: { 'title.text': 'y' },
              condition: { participant_count: { $gt: 3 } },
            },
          ],
        },
        external_css_url: 'https://css.example/a.css?token=abcdef',
        external_app_url: source.kind === 'app' ? 'https://app.example/?key=abcdef' : '',
      },
    },
    outputs: [
      { name: 'a', container: 'mp4' },
      { name: 'b', container: 'webm', storage: S3 },
    ],
    storage: { kind: 'local' },
    backup_storage: S3,
    webhook: { url: 'https://hook.example/?sig=abcdef', secret: 'whsec_YWJjZGVmZ2g=' },
    limits: { max_duration_s: 60, empty_timeout_s: 5, load_timeout_s: 5, ready_timeout_s: 5 },
  }),
);

const KEYS = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '0', ''],
  ...['$and', '$or', '$not', '$in', 'kind', 'token', 'options', 'custom_actions', 'url', 'storage'],
  ...LAYOUT_OPTIONS.map(({ key }) => key),
];

const change: fc.Arbitrary<Change> = fc.record({
  turns: fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
  how: fc.constantFrom('replace', 'replace', 'add', 'add', 'remove', 'wrap', 'rename'),
  key: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...KEYS) }, { weight: 1, arbitrary: fc.string() }),
  value: hostileValue,
});

/** Jobs that are nearly right: a valid one with up to four changes, now and then something that is no job at all. */
export const hostileJob: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 19,
    arbitrary: fc
      .tuple(fc.constantFrom(...VALID), fc.array(change, { minLength: 1, maxLength: 4 }))
      .map(([valid, changes]) => changes.reduce(changed, JSON.parse(valid))),
  },
  { weight: 1, arbitrary: hostileValue },
);

function changed(job: Holder, { turns, how, key, value }: Change): Holder {
  let holder: Holder = job;
  let name = '';
  for (const turn of turns) {
    const names = Object.keys(holder);
    name = names[turn % Math.max(1, names.length)] ?? key;
    const next = Object.hasOwn(holder, name) ? holder[name] : null;
    if (typeof next !== 'object' || next === null) break;
    if (turn % 5 === 4) break;
    holder = next as Holder;
  }
  if (how === 'remove')
    Reflect.deleteProperty(holder, name); // the length of an array stays
  else if (how === 'wrap') put(holder, name, turnsToWrap(turns, holder[name], key));
  else if (how === 'rename') {
    put(holder, key, holder[name]);
    Reflect.deleteProperty(holder, name);
  } else put(holder, how === 'add' ? key : name, value);
  return job;
}

/** As JSON.parse does it: a key named __proto__ is a property like any other. */
function put(holder: Holder, key: string, value: unknown): void {
  if (Array.isArray(holder) && key === 'length') return;
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function turnsToWrap([turn = 0]: readonly number[], value: unknown, key: string): unknown {
  return turn % 2 === 0 ? [value] : Object.fromEntries([[key, value]]);
}
