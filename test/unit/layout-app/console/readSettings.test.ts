import { expect, test } from 'vitest';
import { changeFrom } from '../../../../layout-app/console/handover.ts';
import { readSettings } from '../../../../layout-app/console/start/readSettings.ts';
import { START, toFragment } from '../../../../layout-app/studio/studioState.ts';

const layout = { name: 'grid', options: { 'title.text': 'Weekly' } };

test.each([
  [
    'a job',
    {
      call: { type: 'default', id: 'standup' },
      source: { kind: 'demo' },
      recording: { quality: '480p', layout },
    },
  ],
  [
    'the settings of a call type',
    { name: 'x', settings: { recording: { mode: 'available', quality: '480p', layout } } },
  ],
  ['what a job has as recording', { quality: '480p', layout }],
])('a layout is found in %s', (_what, given) => {
  expect(readSettings(JSON.stringify(given))).toMatchObject({ quality: '480p', layout });
});

test('a layout alone, and a link to the studio, are settings, too', () => {
  expect(readSettings(JSON.stringify(layout))).toEqual({ layout });
  const fragment = toFragment({ ...START, layout: 'sidebar', options: { 'layout.theme': 'dark' } });
  expect(readSettings(`https://recordings.example/studio/?recording=1#${fragment}`).layout).toEqual({
    ...{ name: 'sidebar', options: { 'layout.theme': 'dark' }, external_css_url: null },
  });
});

test.each([
  ['nonsense', 'neither JSON nor a link'],
  ['[1]', 'no JSON object'],
  ['{"call":{"id":"standup"}}', 'no layout in it'],
])('%s is refused with what it must be', (text, reason) => {
  expect(() => readSettings(text)).toThrow(reason);
});

test('the change from one layout to another puts back what is not wanted any more', () => {
  const before = { ...layout, external_css_url: 'https://a.example/a.css' };
  const wanted = { name: 'sidebar', options: { 'layout.theme': 'dark' }, external_css_url: null };
  expect(changeFrom(before, wanted)).toEqual({
    ...{ name: 'sidebar', options: { 'title.text': null, 'layout.theme': 'dark' }, external_css_url: null },
  });
});
