import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findStylesheetProblem, stylesheetProblem } from '../../../../shared/layout/stylesheetProblem.ts';

test.each([
  ['.a { color: red;\n.b { color: blue }', 'line 1: a block without its end'],
  ['.a { color: red }\n.b { width: calc(1px }', 'line 2: a block without its end'],
  ['.a { color: red }}\n.b {}', 'line 1: a "}" that closes nothing'],
  ['.a {}\n.b { content: "x\n}', 'line 2: unexpected newline while consuming a string token'],
  ['.a {}\n\n/* to be continued', 'line 3: a comment without its end'],
  ['<!doctype html><title>404</title><p>Not here</p>', 'it has no rules'],
])('%j: %s', (css, problem) => expect(stylesheetProblem(css)).toBe(problem));

test.each([
  ['.a { color: red;\n.b { color: blue }', '{'],
  ['.a { color: red }}\n.b {}', '}'],
  ['.b { content: "x\n}', '"x'],
  ['.a {}\n/* to be continued', '/* to be continued'],
])('%j: the problem is at %j', (css, part) => {
  const [from, to] = findStylesheetProblem(css)?.range ?? [0, 0];
  expect(css.slice(from, to).trim()).toBe(part);
});

test('a text without rules has no place to mark', () => {
  expect(findStylesheetProblem('<p>Not here</p>')).toEqual({ what: 'it has no rules', range: null });
});

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

const RULE = '.a { color: red }\n';

test.each([
  ['rules', RULE.repeat(60_000)],
  ['strings that do not end', '"\n'.repeat(500_000)],
  ['blocks in blocks', '{'.repeat(500_000) + '}'.repeat(500_000)],
  ['brackets that close nothing', '}'.repeat(1_000_000)],
  ['functions in functions', 'a('.repeat(500_000)],
  ['at-rules', '@a;'.repeat(333_333)],
])('a megabyte of %s is read in a tenth of a second', (_what, css) => {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    stylesheetProblem(css);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  expect(Math.min(...runs)).toBeLessThan(100);
});

test('blocks may be in each other as deep as they like', () => {
  expect(stylesheetProblem('{'.repeat(5_000) + '}'.repeat(5_000))).toBeNull();
  expect(stylesheetProblem(`\n${'{'.repeat(5_000)}`)).toBe('line 2: a block without its end');
});

test('of a very long stylesheet the beginning is read, and where that ends is no problem', () => {
  const long = `${RULE.repeat(20_000)}/* to be continued`;
  expect(stylesheetProblem(long)).toBeNull();
  expect(stylesheetProblem(`.b {}}\n${long}`)).toBe('line 1: a "}" that closes nothing');
});
