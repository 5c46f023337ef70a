import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';

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
    VARIABLES,
    ['| variable | option |', '| --- | --- |', ...variables].join('\n'),
    DECORATIONS,
  ]
    .join('\n\n')
    .concat('\n');
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
documentation of the recording API links to. A stylesheet that was written for that app applies here unchanged.`;

const VARIABLES = `## Variables

The options reach the stylesheet as CSS variables on \`.str-video\`. A theme may use these variables, and it may set them.

Labels and the title get a dark or light halo, which depends on the colour of their text, so that people can read them over
any video. They get no halo if they have a background of their own. \`-webkit-text-stroke: 0\` removes the halo.`;

const DECORATIONS = `## What decorations cost

A worker draws in software, so each decoration costs CPU time during the whole call. Labels, borders and the title cost almost
nothing. Round corners and shadows cost a little. Filters and mirroring cost much.
[These figures](bench/decorations.md) come from \`node test/run.mjs bench/decorations\`.`;
