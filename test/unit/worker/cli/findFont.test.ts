import { expect, test } from 'vitest';
import { COLOUR_EMOJI, findFont } from '../../../../worker/cli/findFont.ts';

/** Answers as fc-list does on a machine with these fonts, each with whether it draws in colour. */
function machineWith(fonts: Readonly<Record<string, boolean>>) {
  return async (pattern: string) =>
    Object.entries(fonts)
      .filter(([, isColour]) => isColour || !pattern.includes('color=true'))
      .map(([family]) => `${family}\n`)
      .join('');
}

test('a font that draws emoji in black does not count as one for emoji', async () => {
  const list = machineWith({ 'DejaVu Sans': false });
  await expect(findFont(COLOUR_EMOJI, list)).rejects.toThrow('none installed');
});

test('of fonts that have emoji, the one in colour is named', async () => {
  const list = machineWith({ 'DejaVu Sans': false, 'Noto Color Emoji': true });
  expect(await findFont(COLOUR_EMOJI, list)).toBe('Noto Color Emoji');
});
