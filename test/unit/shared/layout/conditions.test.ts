import { describe, expect, test } from 'vitest';
import { type Condition, conditionOn, holds } from '../../../../shared/layout/conditions.ts';
import { parseLayoutOptions } from '../../../../shared/layout/parseLayoutOptions.ts';

const ADA = { name: 'Ada', roles: ['host', 'admin'], isPinned: false, hasVideo: true, count: 3 };

describe('a condition', () => {
  test.each<[Condition, boolean]>([
    [{}, true],
    [{ isPinned: false }, true],
    [{ isPinned: true }, false],
    [{ isPinned: { $neq: true } }, true],
    [{ name: 'Ada' }, true],
    [{ name: { $eq: 'Bo' } }, false],
    [{ name: { $in: ['Bo', 'Ada'] } }, true],
    [{ name: ['Bo', 'Cy'] }, false],
    [{ roles: { $contains: 'admin' } }, true],
    [{ roles: { $contains: 'guest' } }, false],
    [{ roles: ['guest', 'host'] }, true],
    [{ roles: 'guest' }, false],
    [{ count: 3 }, true],
    [{ count: { $gt: 3 } }, false],
    [{ count: { $gte: 3, $lt: 4 } }, true],
    [{ count: { $lte: 2 } }, false],
    [{ count: { $in: [1, 3] } }, true],
    [{ isPinned: false, hasVideo: false }, false],
    [{ $and: [{ hasVideo: true }, { count: 3 }] }, true],
    [{ $and: [{ hasVideo: true }, { count: 4 }] }, false],
    [{ $or: [{ isPinned: true }, { hasVideo: true }] }, true],
    [{ $or: [{ isPinned: true }, { $not: { roles: { $contains: 'admin' } } }] }, false],
    [{ $not: { isPinned: true }, hasVideo: false }, false],
  ])('%j is %j', (condition, expected) => {
    expect(holds(condition, ADA)).toBe(expected);
  });

  test('is refused where it asks for what nobody knows, however deep', () => {
    const schema = conditionOn({ name: 'text', count: 'number' });
    expect(schema.safeParse({ $or: [{ name: 'Ada' }, { $not: { count: { $gt: 1 } } }] }).success).toBe(true);
    expect(schema.safeParse({ $or: [{ $not: { age: 1 } }] }).success).toBe(false);
    expect(schema.safeParse({ count: 'three' }).success).toBe(false);
    expect(schema.safeParse({ count: { $bigger: 3 } }).success).toBe(false);
  });
});

test('what a custom action would set is checked before the call', () => {
  const custom_actions = [
    { action_type: 'options_override', options: { 'title.colour': 'red' }, condition: {} },
    { action_type: 'options_override', options: { 'title.color': 'rde' }, condition: {} },
  ];
  const messages = parseLayoutOptions({ custom_actions }).problems.map(({ message }) => message);
  expect(messages).toHaveLength(2);
  expect(messages[0]).toContain('custom_actions[0]: unknown layout option "title.colour"');
  expect(messages[1]).toContain('custom_actions[1]: layout option "title.color": "rde" is not a CSS colour');
});
