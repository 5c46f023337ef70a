const LATIN_LIKE = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Armenian}\p{N}]/u;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Up to two letters that stand for a name: of its first and last word, in scripts that have capitals; in
 * others, where letters join or a character is a word, the first one alone.
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

/** A hue in degrees, always the same for a name. */
export function avatarHue(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return hash;
}
