import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { LINKED_VARIABLES } from '../../shared/layout/linkedVariables.ts';
import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';
import { IDLE_CLASSES, IDLE_VARIABLES, type IdleStyles } from './idleStyles.ts';
import linked from './linkedStyles.json' with { type: 'json' };

export const THEME_NAMES = ['paper', 'midnight', 'broadcast', 'seminar', 'contrast'] as const;

/** docs/themes.md: how themes work, the class names, the variables, and what decorations cost. */
export function themeGuide(): string {
  const classes = THEME_CLASSES.map(({ name, help, options }) => {
    const changing = options.map((one) => `\`${one}${/[._]$/.test(one) ? '*' : ''}\``).join(', ');
    return `| \`.${name}\` | ${help} | ${changing} |`;
  });
  const variables = LAYOUT_OPTIONS.filter(({ cssVariable }) => cssVariable).map(
    ({ key, cssVariable }) => `| \`${cssVariable}\` | \`${key}\` |`,
  );
  return [
    INTRODUCTION,
    ...THEME_NAMES.map((name) => `### ${name}\n\n![The theme ${name}](themes/${name}.webp)`),
    CLASSES,
    ['| class | what it is | options that change it |', '| --- | --- | --- |', ...classes].join('\n'),
    LINKED,
    [
      '| variable | what it changes | options that win over it |',
      '| --- | --- | --- |',
      ...linkedRows(),
    ].join('\n'),
    GEOMETRY,
    IDLE,
    idleTable(IDLE_VARIABLES, '--'),
    idleTable(IDLE_CLASSES, '.'),
    VARIABLES,
    ['| variable | option |', '| --- | --- |', ...variables].join('\n'),
    DECORATIONS,
  ]
    .join('\n\n')
    .concat('\n');
}

function linkedRows(): string[] {
  return LINKED_VARIABLES.map(({ name, help, options }) => {
    const winning = options.map((key) => `\`${key}\``).join(', ');
    return `| \`${name}\` | ${help} | ${winning} |`;
  });
}

function idleTable(idle: readonly IdleStyles[], sign: string): string {
  const byReason = new Map<string, string[]>();
  for (const { names, reason } of idle) byReason.set(reason, [...(byReason.get(reason) ?? []), ...names]);
  const rows = [...byReason].map(([reason, names]) => {
    const listed = names.map((name) => `\`${sign}${name}\``).join(', ');
    return `| ${listed} | ${reason} |`;
  });
  const what = sign === '.' ? 'class' : 'variable';
  return [`| ${what} without effect | reason |`, '| --- | --- |', ...rows].join('\n');
}

const INTRODUCTION = `# Themes

A theme is one CSS file. The job names its address in \`recording.layout.external_css_url\`, and the worker must be able to
reach that address. The theme is loaded before the first frame is recorded.

Our own CSS is in a cascade layer, and the theme is not. The theme therefore wins over our CSS and over every layout option,
and it needs no \`!important\`. If a theme is missing, broken or slower than 5 s, the recording goes on without it, and the
result has a warning.

    npm run studio -- --css my-theme.css    # shows the theme, and follows the file as you save it

You can start from one of these themes, which are in [\`layout-app/themes/\`](../layout-app/themes):`;

const CLASSES = `## Class names

These class names are public API, so they stay as they are. The names and their nesting are those of the layout app that the
documentation of the recording API links to, and so are the values of \`data-testid\`: \`grid\`, \`spotlight\`,
\`single-participant\`, \`participant-view\`, \`logo-and-title-overlay\`, \`logo\` and \`title\`.`;

const LINKED = `## Themes that were written for the linked layout app

Our page reads the variables of that app's stylesheet (${linked.package} ${linked.version}), so a theme that only sets variables
restyles the picture. Set them on \`.str-video\` or \`:root\`. Only \`--gap-size\` may also be set on \`.paginated-grid\`.

1. An option that the job gives wins over these variables.
2. A variable that the theme sets wins over the default value of the option.
3. \`color\`, \`font-family\` and \`font-style\` of \`.str-video\` are inherited by labels, title and initials. Such a \`color\`
   wins over the variables of text colours, but not over an option that the job gives.`;

const GEOMETRY = `The places of the tiles are computed from the options of the job, so that videos need not be moved in the page. Two
spaces of the theme take part in this: the space between tiles and the space around them. Both may be any CSS length, such as
\`calc(1rem + 2px)\`.

A theme may make a tile smaller than its place with \`width\`, \`max-width\`, \`height\` or \`padding\`, and the tile is then in the
middle of its place. A tile never becomes larger than its place, and it never leaves it. The boxes around the tiles may get a
background, a border or a shadow, but their \`display\`, \`gap\`, \`padding\`, \`max-width\` and \`position\` do not move the tiles. The
whole published stylesheet may therefore be loaded as a theme.`;

const IDLE = `The other names of that stylesheet change nothing here. A star stands for any letters.`;

const VARIABLES = `## Variables of our own

The options reach the stylesheet as CSS variables on \`.str-video\`. A theme may use these variables, and it may set them.

Labels and the title get a dark or light halo, which depends on the colour of their text, so that people can read them over
any video. They get no halo if they have a background of their own. \`-webkit-text-stroke: 0\` removes the halo.`;

const DECORATIONS = `## What decorations cost

A worker draws in software, so each decoration costs CPU time during the whole call. Labels, borders and the title cost almost
nothing. Round corners and shadows cost a little. Filters and mirroring cost much.
[These figures](bench/decorations.md) come from \`node test/run.mjs bench/decorations\`.`;
