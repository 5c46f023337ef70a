/** An option as the docs write it in the table of class names: a prefix of several options ends in a star. */
export function asPattern(option: string): string {
  return /[._]$/.test(option) ? `${option}*` : option;
}
