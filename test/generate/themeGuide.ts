import { asPattern } from '../../layout-app/studio/asPattern.ts';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { LINKED_VARIABLES } from '../../shared/layout/linkedVariables.ts';
import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';
import { IDLE_CLASSES, IDLE_VARIABLES, type IdleStyles } from './idleStyles.ts';
import linked from './linkedStyles.json' with { type: 'json' };

export const THEME_NAMES = ['paper', 'midnight', 'broadcast', 'seminar', 'contrast'] as const;

/** docs/themes.md: how themes work, the class names, the variables, and what decorations cost. */
export function themeGuide(): string {
  const classes = THEME_CLASSES.map(({ name, help, options }) => {
    const changing = options.map((one) => `\`${asPattern(one)}\``).join(', ');
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

Two themes are built in: the option \`layout.theme\` makes the picture [\`dark\` or \`light\`](options.md#built-in-themes). This
page is about themes of your own. They win over a built-in theme as they win over every default.

A theme is one CSS file. The job names its address in \`recording.layout.external_css_url\`, and the worker must be able to
reach that address. The theme is loaded before the first frame is recorded.

Our own CSS is in a cascade layer, and the theme is not. The theme therefore wins over our CSS and over every layout option,
and it needs no \`!important\`. If a theme is missing, broken or slower than 5 s, the recording goes on without it, and the
result has a warning.

    npm run studio                          # has an editor for themes, beside the picture that they change
    npm run studio -- --css my-theme.css    # shows the theme, and follows the file as you save it

![The studio: an editor at the left proposes class names and marks a misspelled property, and the picture is at the right](studio.webp)

The editor proposes the class names, variables and attributes of this page while you type, and says what each is for. It marks
what a browser would leave out without a word: a missing bracket, colon or semicolon, a property or a value that does not exist, and
names that are nearly ours. \`Save as theme.css\` gives you the file.

| key | what it does |
| --- | --- |
| Ctrl+Space | proposes what fits; Enter or Tab takes it |
| F8 | goes to the next problem |
| Ctrl+F, Ctrl+Z, Ctrl+Y | search; undo; redo (on a Mac, with Cmd) |
| Tab | indents; after Escape, it leaves the editor |

You can start from one of these themes, which are in [\`layout-app/themes/\`](../layout-app/themes):`;

const CLASSES = `## Class names

These class names are public API, so they stay as they are. The names and their nesting are those of Stream's open layout app,
egress-composite, so its themes work here; the values of \`data-testid\` are its own as well: \`grid\`, \`spotlight\`,
\`single-participant\` (and \`sidebar\`, which is ours), \`participant-view\`, \`logo-and-title-overlay\`, \`logo\` and \`title\`.`;

const LINKED = `## Themes that were written for Stream's layout app

Our page reads the variables of that app's stylesheet (${linked.package} ${linked.version}), so a theme that only sets variables
restyles the picture. Set them on \`.str-video\` or \`:root\`. Only \`--gap-size\` may also be set on \`.paginated-grid\`.

1. An option that the job gives wins over these variables.
2. A variable that the theme sets wins over the default value of the option.
3. \`color\`, \`font-family\` and \`font-style\` of \`.str-video\` are inherited by labels, title and initials. Such a \`color\`
   wins over the variables of text colours, but not over an option that the job gives.`;

const GEOMETRY = `The two spaces between and around tiles may be any CSS length, such as \`calc(1rem + 2px)\`.

## What a theme may rely on

Boxes, their nesting and the order of elements are those of Stream's layout app. \`__group > __participant-view\`,
\`:first-child\` and \`:nth-child()\` select tiles in the order of the picture. In spotlight and sidebar there is one box around the stage and
one bar, in this order. Tiles are moved in the page in a way that does not interrupt their videos.

The places of the tiles are computed from the options of the job. What a theme does to the boxes around them changes these
places. A theme wins over the options here.

| boxes | what a theme may set | what it changes |
| --- | --- | --- |
| \`.paginated-grid\`, \`.spotlight\`, the containers of the single participant, and the boxes inside down to \`__group\` and \`.str-video__speaker-layout\` | \`padding\`, \`margin\`, \`border\`, \`width\`, \`height\`, \`max-width\`, \`max-height\` | The room that the tiles have. If a theme makes it smaller, the default values of \`grid.margin\` and, in the grid, of \`layout.size_percentage\` leave no further space. |
| \`__group\` | \`gap\`, \`justify-content\`, \`align-content\`, \`aspect-ratio\` | Space between tiles, where rows and tiles stand, and the shape of the area. |
| \`.str-video__speaker-layout\` | \`gap\` | Space between the stage and the bar. |
| \`__spotlight\` | \`padding\`, \`max-width\`, \`max-height\`, \`aspect-ratio\`, \`justify-content\`, \`align-content\` | The size of the large tile, and where it stands. |
| the bar and the two boxes around it | \`padding\`, \`max-width\`, \`max-height\`; on the bar also \`gap\`, \`justify-content\`, \`align-content\` | The size of the small tiles, and where they stand. |
| \`__participant-tile\` | \`padding\`, \`width\`, \`max-width\` and the like | The tile inside becomes smaller. |
| \`__participant-view\` | \`aspect-ratio\` (in the grid, in spotlight and in sidebar) | The shape of tiles, like \`participant.aspect_ratio\`. A shared screen on stage keeps a shape from 4:3 to 16:9. |
| \`__participant-view\` | \`width\`, \`max-width\`, \`height\`, \`padding\` | The tile becomes smaller, and stands in the middle of its place. |
| \`__current-speaker\` | \`top\`, \`right\`, \`bottom\`, \`left\`, \`width\` | Where the presenter stands over the shared screen, and how large. |

The number of columns is computed: \`flex\`, \`flex-wrap\`, \`flex-direction\`, \`display\` and \`position\` of these boxes and tiles have no
effect. The whole published stylesheet may be loaded as a theme.

## Where our picture differs from that of Stream's layout app

The same option gives the same picture, except for the following. *Stream's tables* are those of the options in Stream's documentation. Places and sizes were
measured side by side with egress-composite at commit 0259217e, on @stream-io/video-react-sdk 1.43.1.

| what | there | here | why |
| --- | --- | --- | --- |
| place of the logo | lower right | top, in the middle | The tables of the documentation say so. |
| tiles of a grid | 4:3, in 1 to 4 columns, at most 110 % of the height wide | as large as they fit into 90 % of the picture | \`grid.size_percentage\`, \`grid.rows\` and \`grid.columns\` of Stream's tables. With \`layout.grid.expand_tiles\` both have the same tiles, to 3 pixels. |
| space between tiles | 8 px | 10 px | \`grid.cell_padding\` of Stream's tables. |
| bar of the spotlight | tiles 270 px wide | 20 % of the picture | \`grid.size_percentage\` of Stream's tables. |
| colours, borders and corners of tiles and labels | none, or the theme's | see the options | The defaults of Stream's tables. |
| place of a label | in the very corner | a few pixels inside | The round border of Stream's tables needs the space. |
| letters of labels | 14 px | 14 px, smaller in tiles that are too small for it | A label must not leave its tile. |
| lines of a title | 24 px apart | 1.25 of the size of its letters | Lines of a long title do not overlap. |
| halo of labels and title | none | dark or light | People can read them over any video. |
| initials | 100 px | in proportion to the tile | They fit into small tiles. |
| presenter beside a share | 240 px wide | the same, but at most 40 % of the picture | Narrow pictures. |
| pinned in mid-call, in a grid | moves to the front | stays in place | The picture holds still. |
| \`participant.aspect_ratio\` while a screen is shared | has no effect | shapes tiles as ever | The tables make no exception. |`;

const IDLE = `The other names of that stylesheet change nothing here. A star stands for any letters.`;

const VARIABLES = `## Variables of our own

The options reach the stylesheet as CSS variables on \`.str-video\`. A theme may use these variables, and it may set them.

Labels and the title get a dark or light halo, which depends on the colour of their text, so that people can read them over
any video. They get no halo if they have a background of their own. \`-webkit-text-stroke: 0\` removes the halo.`;

const DECORATIONS = `## What decorations cost

A worker draws in software, so each decoration costs CPU time during the whole call. Labels, borders and the title cost almost
nothing. Round corners and shadows cost a little. Filters and mirroring cost much.
[These figures](bench/decorations.md) come from \`node test/run.mjs bench/decorations\`.`;
