import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';

const KEYS = new Set(LAYOUT_OPTIONS.map((option) => option.key));

/**
 * A configuration from the address, for looking at layouts in a desktop browser:
 * `?layout=grid&participants=9&script=steady&duration_s=60&ext_css=...&title.text=Hello`.
 */
export function readQuery(query: URLSearchParams): unknown {
  const options: Record<string, unknown> = {};
  for (const [key, text] of query) if (KEYS.has(key)) options[key] = parseValue(text);
  const durationS = query.get('duration_s');
  return {
    layout: query.get('layout') ?? 'spotlight',
    ext_css: query.get('ext_css') ?? '',
    options,
    source: {
      kind: 'demo',
      participants: Number(query.get('participants') ?? 5),
      script: query.get('script') ?? 'standup',
      durationS: durationS === null ? null : Number(durationS),
    },
  };
}

/** Numbers, booleans, lists and objects as JSON has them; anything else is text. */
function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
