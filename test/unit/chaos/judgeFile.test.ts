import { expect, it } from 'vitest';
import { withoutHeldBack } from '../../chaos/judgeFile.ts';

const picture = (shownMs: number, clockMs: number) => ({ shownMs, clockMs });

it('leaves out the one picture that was drawn before the machine stood still and is shown after it', () => {
  const before = [picture(0, 100), picture(33, 133)];
  const after = [picture(20_066, 20_166), picture(20_100, 20_200)];
  expect(withoutHeldBack([...before, picture(20_033, 166), ...after])).toEqual([...before, ...after]);
});

it('keeps a picture that is shown late where nothing stood still, and one that stays too long', () => {
  const late = [picture(0, 100), picture(33, 133), picture(5_000, 166), picture(5_033, 199)];
  expect(withoutHeldBack(late)).toEqual(late);
  const stays = [picture(0, 100), picture(20_033, 133), picture(21_000, 21_100)];
  expect(withoutHeldBack(stays)).toEqual(stays);
});
