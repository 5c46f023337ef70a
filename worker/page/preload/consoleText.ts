import { LONGEST_TOLD } from '../../../shared/page/pageCalls.ts';

/** How much of an object or a list is shown. */
const MOST_FIELDS = 5;
const MOST_ENTRIES = 20;

/** What one console call would show, up to 500 characters of each value; objects with their first fields. */
export function consoleText(values: readonly unknown[]): string {
  const [first, ...left] = values.slice(0, MOST_ENTRIES);
  if (typeof first !== 'string') return values.slice(0, MOST_ENTRIES).map(valueText).join(' ');
  const text = first.slice(0, LONGEST_TOLD).replace(/%([sdifoOc%])/g, (whole, kind) => {
    if (kind === '%') return '%';
    if (left.length === 0) return whole;
    const value = left.shift();
    return kind === 'c' ? '' : valueText(value); // %c is style
  });
  return [text, ...left.map(valueText)].join(' ');
}

/** Any value as one line of text. No getter of an object is called: this must change nothing in the page. */
export function valueText(value: unknown): string {
  try {
    if (typeof value === 'bigint') return `${value}n`.slice(0, LONGEST_TOLD);
    if (typeof value === 'function') return 'function';
    if (typeof value !== 'object' || value === null) return String(value).slice(0, LONGEST_TOLD);
    if (value instanceof Error) return errorText(value);
    if (Array.isArray(value)) return listText(value);
    const tag = Object.prototype.toString.call(value);
    return tag === '[object Object]' ? objectText(value) : tag;
  } catch {
    return 'object'; // a proxy may refuse to be looked at
  }
}

/** An error without its stack. */
function errorText(error: Error): string {
  return String(error).slice(0, LONGEST_TOLD);
}

function objectText(value: object): string {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value)).filter(
    ([, { enumerable }]) => enumerable,
  );
  const shown = fields.slice(0, MOST_FIELDS).map(([name, field]) => `${name}: ${innerText(field.value)}`);
  return `{${[...shown, ...(fields.length > MOST_FIELDS ? ['…'] : [])].join(', ')}}`;
}

function listText(list: readonly unknown[]): string {
  const shown = list.slice(0, MOST_ENTRIES).map(innerText);
  return `[${[...shown, ...(list.length > MOST_ENTRIES ? ['…'] : [])].join(', ')}]`;
}

/** A value inside another one: texts with quotes, and no more than the kind of what holds further values. */
function innerText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, LONGEST_TOLD));
  if (Array.isArray(value)) return `Array(${value.length})`;
  if (typeof value === 'object' && value !== null && !(value instanceof Error)) return 'Object';
  return valueText(value);
}
