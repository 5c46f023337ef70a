import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { stylesheetProblem } from '../../../../shared/layout/stylesheetProblem.ts';

test.each([
  ['.a { color: red;\n.b { color: blue }', 'line 1: a block without its end'],
  ['.a { color: red }\n.b { width: calc(1px }', 'line 2: a block without its end'],
  ['.a { color: red }}\n.b {}', 'line 1: a "}" that closes nothing'],
  ['.a {}\n.b { content: "x\n}', 'line 2: unexpected newline while consuming a string token'],
  ['.a {}\n\n/* to be continued', 'line 3: a comment without its end'],
  ['<!doctype html><title>404</title><p>Not here</p>', 'it has no rules'],
])('%j: %s', (css, problem) => expect(stylesheetProblem(css)).toBe(problem));

test.each([
  '',
  '@import url(https://fonts.example/a.css);',
  '@layer a, b;',
  '.a { .b & { color: red } @media (width > 1px) { color: blue } }',
  ':root { --x: {a:b}; --y: "}" }',
  '.a { unknown: 1; colour: red } .b::part(x) { }',
])('nothing is wrong with %j', (css) => expect(stylesheetProblem(css)).toBeNull());

test('nor with the themes', () => {
  const folder = new URL('../../../../layout-app/themes/', import.meta.url);
  const themes = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
  expect(themes.map(stylesheetProblem)).toEqual(themes.map(() => null));
  expect(themes.length).toBe(5);
});
