const HIDDEN = '[hidden]';

/**
 * What the dashboard may show of a job, by its path: everything else may hold a token, a key or a signed address, and is
 * hidden. `*` is whatever stands there.
 */
const SHOWN = [
  ...['kind', 'tenant', 'call.type', 'call.id', 'call.session_id', 'source.kind'],
  ...['recording.mode', 'recording.quality', 'recording.videos', 'recording.layout.name'],
  ...['recording.encoding.*', 'limits.*'],
  ...[
    'storage.kind',
    'backup_storage.kind',
    'outputs.*.name',
    'outputs.*.container',
    'outputs.*.storage.kind',
  ],
].map((path) => path.split('.'));

/** A job as the dashboard shows it: its shape, with the values that cannot be secrets. */
export function shownJob(job: unknown): unknown {
  return shown(job, []);
}

function shown(value: unknown, path: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((part) => shown(part, [...path, '*']));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, part]) => [key, shown(part, [...path, key])]);
    return Object.fromEntries(entries);
  }
  if (value === null || typeof value === 'boolean') return value;
  return SHOWN.some((allowed) => isAt(allowed, path)) ? value : HIDDEN;
}

function isAt(allowed: readonly string[], path: readonly string[]): boolean {
  return allowed.length === path.length && allowed.every((part, at) => part === '*' || part === path[at]);
}
