const LATIN_LIKE = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{N}]/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * One or two letters that stand for a name. In scripts with capitals they are the first letters of the first and the
 * last word. In other scripts, where letters join or one character is a word, only the first character is used.
 */
export function initialsOf(name: string): string {
  const words = name
    .split(/[\s\-_.@]+/)
    .filter((word) => /[\p{L}\p{N}\p{Extended_Pictographic}]/u.test(word));
  const [first, last] = [words[0], words.at(-1)];
  if (!first || !last) return '?';
  if (words.length === 1 || !LATIN_LIKE.test(first)) return firstLetter(first);
  return firstLetter(first) + firstLetter(last);
}

function firstLetter(word: string): string {
  const [letter] = graphemes.segment(word);
  return (letter?.segment ?? '').toLocaleUpperCase();
}

/** A hue in degrees. The same name always gives the same hue. */
export function avatarHue(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hash;
}
