import { expect, test } from 'vitest';
import { changedLayout, LayoutChangeError } from '../../../../shared/layout/layoutChange.ts';
import { WireLayout } from '../../../../shared/layout/layoutRequest.ts';

const OURS = { name: 'grid', options: { 'title.text': 'Standup', 'layout.background_color': 'red' } };
const layout = WireLayout.parse(OURS);
const css = 'https://themes.example/a.css';

test.each([
  ['nothing', {}, OURS],
  ['the name', { name: 'spotlight' }, { ...OURS, name: 'spotlight' }],
  [
    'one option',
    { options: { 'title.text': 'Retro' } },
    { ...OURS, options: { ...OURS.options, 'title.text': 'Retro' } },
  ],
  [
    'an option back to its default',
    { options: { 'title.text': null } },
    { ...OURS, options: { 'layout.background_color': 'red' } },
  ],
  ['the stylesheet', { external_css_url: css }, { ...OURS, external_css_url: css }],
])('a change changes %s and leaves the rest as it is', (_what, change, wire) => {
  expect(changedLayout(layout, change)).toEqual(WireLayout.parse(wire));
});

test('a stylesheet is taken off again by null', () => {
  const themed = changedLayout(layout, { external_css_url: css });
  expect(changedLayout(themed, { external_css_url: null })).toEqual(layout);
});

test('an external app is given any name and any option', () => {
  const external = WireLayout.parse({ external_app_url: 'https://app.example/' });
  const changed = changedLayout(external, { name: 'theirs', options: { whatever: 7 } });
  expect(changed).toMatchObject({
    wireName: 'theirs',
    wireOptions: { whatever: 7 },
    externalAppUrl: 'https://app.example/',
  });
});

test.each([
  ['an unknown layout', { name: 'gird' }, 'did you mean "grid"?'],
  ['an unknown option', { options: { 'title.txt': 'x' } }, 'title.txt'],
  ['a bad value', { options: { 'title.color': 'no colour' } }, 'title.color'],
  ['another page', { external_app_url: 'https://app.example/' }, 'external_app_url'],
  ['an address that is none', { external_css_url: 'file:///etc/passwd' }, 'external_css_url'],
  ['no object', 'grid', 'the layout cannot be changed'],
])('%s is refused by name', (_what, change, message) => {
  expect(() => changedLayout(layout, change)).toThrow(LayoutChangeError);
  expect(() => changedLayout(layout, change)).toThrow(message);
});
