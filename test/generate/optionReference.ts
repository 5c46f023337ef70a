import { BUILT_IN_THEMES, THEME_DEFAULTS } from '../../shared/layout/builtInThemes.ts';
import { LAYOUT_NAMES } from '../../shared/layout/layoutNames.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from '../../shared/layout/layoutOptions.ts';
import { defaultOf } from '../../shared/layout/resolveLayoutOptions.ts';
import { FAMILIES } from './families.ts';

const TYPES: Readonly<Record<LayoutOption['kind'], string>> = {
  color: 'CSS colour',
  length: 'length: a number of pixels, or with a unit',
  length_pair: 'length, or two of them',
  corners: 'length, or up to four of them',
  number: 'number, or as the newer name takes it',
  boolean: 'true or false',
  boolean_or_length: 'true, false or a length',
  percentage: 'number, percent',
  count: 'whole number',
  milliseconds: 'milliseconds',
  limit: 'whole number, or `dynamic`',
  text: 'text',
  url: 'address, or `data:image/…`',
  image: 'address, `url(…)`, gradient, or several of these',
  ratio: 'ratio, such as `"16/9"` or `1`',
  css_words: 'CSS value',
  layout: 'layout',
  actions: 'list, see below',
  condition: 'condition, see below',
  enum: '',
};

/** docs/options.md: every option of the table, family by family. */
export function optionReference(): string {
  const sections = FAMILIES.map(({ title, name, has }) => {
    const rows = LAYOUT_OPTIONS.filter(({ key }) => has(key)).map(row);
    const table = ['| option | type | default | layouts | |', '| --- | --- | --- | --- | --- |', ...rows];
    const more = name === 'theme' ? `\n\n${THEMES}\n\n${themeTable()}` : '';
    return `## ${title}\n\n![${title}](options/${name}.webp)\n\n${table.join('\n')}${more}`;
  });
  return `${INTRODUCTION}\n\n${sections.join('\n\n')}\n\n${CONDITIONS}\n\n${PINNED}\n`;
}

function row(option: LayoutOption): string {
  const type = option.values ? option.values.map((value) => `\`${value}\``).join(', ') : TYPES[option.kind];
  const layouts = option.layouts.length === LAYOUT_NAMES.length ? 'all' : option.layouts.join(', ');
  return `| \`${option.key}\` | ${type} | ${defaultsOf(option)} | ${layouts} | ${option.help} |`;
}

function defaultsOf(option: LayoutOption): string {
  const values = option.layouts.map((layout) => [layout, defaultOf(option, layout)] as const);
  const written = (value: unknown) => (value === null ? '' : `\`${value}\``);
  if (new Set(values.map(([, value]) => value)).size === 1) return written(values[0]?.[1]);
  return values.map(([layout, value]) => `${layout}: ${written(value)}`).join(', ');
}

/** What each built-in theme makes of the defaults of options. */
function themeTable(): string {
  const keys = [...new Set(BUILT_IN_THEMES.flatMap((theme) => Object.keys(THEME_DEFAULTS[theme])))];
  const rows = LAYOUT_OPTIONS.filter(({ key }) => keys.includes(key)).map((option) => {
    const values = BUILT_IN_THEMES.map((theme) => `\`${defaultOf(option, 'spotlight', theme)}\``);
    return `| \`${option.key}\` | ${values.join(' | ')} |`;
  });
  const names = BUILT_IN_THEMES.map((theme) => `\`${theme}\``);
  return [`| option | ${names.join(' | ')} |`, `| --- |${' --- |'.repeat(names.length)}`, ...rows].join('\n');
}

const INTRODUCTION = `# Layout options

A job gives its layout options as \`recording.layout.options\`. The studio (\`npm run studio\`) shows what each of them does.

Some options have two names, because there are two vocabularies. The description of an older name says which newer name it
stands for. If a job gives both, the newer name wins. An option has no effect in a layout that its line does not list; the
result then has a warning.

An empty text and \`null\` mean the default, and so does 0 where a number of things, a percentage or a time cannot be 0. A
length is a number of pixels or a text such as \`"1.5rem"\`, \`"20%"\` or \`"clamp(1rem, 2vw, 40px)"\`; \`calc()\`, \`min()\`,
\`max()\` and \`clamp()\` may be used. An image is an http or https address, or the image itself as \`data:image/…\`, up to half a
million characters.

With an external layout app ([custom-apps.md](custom-apps.md)), nothing on this page is checked: the app gets its options as the
job wrote them, whatever their names and values are.

\`npm run docs\` writes this page from [the table of options](../shared/layout/layoutOptions.ts). The worker, the layout app and
the studio use the same table.`;

const THEMES = `![The theme dark](options/theme-dark.webp)

The pictures show \`light\` and \`dark\`. A theme changes the defaults of these options, in every layout, and what no option says:
colours of initials and of messages, and the weight of letters. All text has a contrast of at least 4.5:1 over any video. If you
give one colour of a label, give its other colour too.`;

const PINNED = `## Who is pinned

Pinned people are shown large, and come onto the page of a grid, before others; \`layout.priority\` can change this. Your call
says who is pinned:

- **LiveKit**: the participant's attribute \`pinned\` is \`"true"\` or \`"1"\`, or their metadata is a JSON object with
  \`"pinned": true\`. An attribute wins over metadata. Both may change during the call, for example by
  \`updateParticipant(room, identity, { attributes: { pinned: "true" } })\` of \`livekit-server-sdk\`; an empty text unpins.
  \`roles\` (or \`role\`, with commas between several) and \`image\` (or \`imageUrl\`, an http or https address) are read from the
  same places.
- **Simulated people** (\`test_environment.participants\`, the studio): \`isPinned\` or \`pin\`.`;

const CONDITIONS = `## Conditions

\`participant.filter\` is a condition on a participant: only participants that meet it are shown. Each entry of
\`custom_actions\` has a condition on the whole call, and changes the layout or the options as long as the call meets it.

\`\`\`json
{
  "participant.filter": { "$or": [{ "$not": { "roles": { "$contains": "guest" } } }, { "isPinned": true }] },
  "custom_actions": [
    { "action_type": "layout_override", "layout": "spotlight", "ignore_screenshare": false,
      "condition": { "pinned_participant_count": { "$gte": 1 } } },
    { "action_type": "options_override", "options": { "layout.background_color": "hotpink" },
      "condition": { "participant_count": { "$gt": 1 } } }
  ]
}
\`\`\`

| a participant has | a call has | compared with |
| --- | --- | --- |
| \`userId\`, \`name\` | | a text, a list of texts, \`$eq\`, \`$neq\`, \`$in\` |
| \`isPinned\`, \`isSpeaking\`, \`isDominantSpeaker\`, \`hasVideo\`, \`hasAudio\`, \`hasScreenShare\` | | true or false, \`$eq\`, \`$neq\` |
| \`roles\`, \`publishedTracks\` (\`audio\`, \`video\`, \`screen_share\`) | \`roles\`, \`published_tracks\` of anybody | \`$contains\`, a text, a list of texts |
| | \`participant_count\`, \`pinned_participant_count\` | a number, \`$eq\`, \`$neq\`, \`$in\`, \`$gt\`, \`$gte\`, \`$lt\`, \`$lte\` |

All parts of a condition must hold. \`$and\`, \`$or\` and \`$not\` combine conditions. If several layout overrides match, the
first one wins. While a screen is shared, a layout override applies only if it has \`"ignore_screenshare": true\`. Option
overrides are applied in their order.`;
