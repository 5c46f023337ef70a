import type { Protocol } from 'puppeteer';

/** What the browser tells of a logged value. */
export type LoggedValue = Pick<
  Protocol.Runtime.RemoteObject,
  'type' | 'subtype' | 'value' | 'unserializableValue' | 'description' | 'preview'
>;

/** The arguments of one console call as the console would show them; objects with their first fields. */
export function consoleText(values: readonly LoggedValue[]): string {
  const [first, ...rest] = values;
  if (typeof first?.value !== 'string') return values.map(valueText).join(' ');
  const left = [...rest];
  const text = first.value.replace(/%([sdifoOc%])/g, (whole, kind) => {
    if (kind === '%') return '%';
    const value = left.shift();
    if (value === undefined) return whole;
    return kind === 'c' ? '' : valueText(value); // %c is style
  });
  return [text, ...left.map(valueText)].join(' ');
}

/** What a page threw and did not catch; empty where the browser tells no more than that it is an object. */
export function thrownText(thrown: unknown): string {
  const isUnnamed = thrown instanceof Error ? thrown.message === 'Object' : typeof thrown === 'object';
  return isUnnamed && thrown !== null ? '' : String(thrown);
}

function valueText(value: LoggedValue): string {
  if (value.subtype === 'error') return withoutStack(value.description ?? '');
  if (value.preview) return previewText(value.preview);
  if (value.unserializableValue !== undefined) return value.unserializableValue;
  if ('value' in value && value.value !== undefined)
    return typeof value.value === 'object' ? JSON.stringify(value.value) : String(value.value);
  return value.description ?? value.type;
}

function withoutStack(description: string): string {
  return description.split(/\n\s+at /)[0] ?? '';
}

function previewText(preview: Protocol.Runtime.ObjectPreview): string {
  const isList = preview.subtype === 'array';
  const entries = preview.properties.map(({ name, type, value = type, valuePreview }) => {
    const shown = valuePreview
      ? previewText(valuePreview)
      : type === 'string'
        ? JSON.stringify(value)
        : value;
    return isList ? shown : `${name}: ${shown}`;
  });
  const all = [...entries, ...(preview.overflow ? ['…'] : [])].join(', ');
  return isList ? `[${all}]` : `{${all}}`;
}
