import { SETTINGS } from '../../worker/workerConfig.ts';

const BEGIN = '<!-- settings -->';
const END = '<!-- /settings -->';

/** The README with the table between its markers written anew from SETTINGS. Throws where a marker is missing. */
export function withSettingsTable(readme: string): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin)
    throw new Error(`README.md has no ${BEGIN} … ${END}, between which the settings stand`);
  return `${readme.slice(0, begin + BEGIN.length)}\n${settingsTable()}\n${readme.slice(end)}`;
}

function settingsTable(): string {
  const rows = Object.values(SETTINGS).map(({ env, schema, help }) =>
    row(`\`${env}\``, defaultOf(schema.parse(undefined)), help),
  );
  return [row('variable', 'default', 'what it does'), row('---', '---', '---'), ...rows].join('\n');
}

/** As one would set it; nothing for a setting that has no value of its own. */
function defaultOf(value: unknown): string {
  const text = String(typeof value === 'boolean' ? Number(value) : (value ?? ''));
  return text === '' ? '' : `\`${text}\``;
}

function row(...cells: string[]): string {
  return `| ${cells.join(' | ')} |`;
}
