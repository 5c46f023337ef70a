/**
 * Pages, call servers and services write some of what is printed. A terminal would carry out control characters in it, and
 * characters that turn the direction of writing would show something else than what was written.
 */
const CONTROLS = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/gu;

/** A text that a terminal shows as it is. Its lines stay. */
export function printable(text: string): string {
  return text.replace(CONTROLS, '\ufffd');
}

/** As above, in one line, so that nothing of it looks like another line of ours. */
export function onOneLine(text: string): string {
  return printable(text.replace(/[\t\r\n\u2028\u2029]+/g, ' '));
}
