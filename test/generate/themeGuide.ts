import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { THEME_CLASSES } from '../../shared/layout/themeClasses.ts';

export const THEME_NAMES = ['paper', 'midnight', 'broadcast', 'seminar', 'contrast'] as const;

/** docs/themes.md: how themes work, the class map, the variables. */
export function themeGuide(): string {
  const classes = THEME_CLASSES.map(({ name, help, options }) => {
    const touching = options.map((one) => `\`${one}${/[._]$/.test(one) ? '*' : ''}\``).join(', ');
    return `| \`.${name}\` | ${help} | ${touching} |`;
  });
  const variables = LAYOUT_OPTIONS.filter(({ cssVariable }) => cssVariable).map(
    ({ key, cssVariable }) => `| \`${cssVariable}\` | \`${key}\` |`,
  );
  return [
    INTRODUCTION,
    ...THEME_NAMES.map((name) => `### ${name}\n\n![The theme ${name}](themes/${name}.webp)`),
    '## Class names\n\nPublic API: they stay. They are those of the layout app that the recording API’s documentation links to, in its\nnesting, so a stylesheet written for it applies unchanged.',
    ['| class | what it is | options that touch it |', '| --- | --- | --- |', ...classes].join('\n'),
    VARIABLES,
    ['| variable | option |', '| --- | --- |', ...variables].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

const INTRODUCTION = `# Themes

A theme is one CSS file, at an address the worker can reach: \`recording.layout.external_css_url\`. It is loaded before the
first frame, last, and outside of any cascade layer, while our own CSS is in one: what a theme says holds, without
\`!important\`, and whatever an option says. A theme that is missing, slow (over 5 s) or broken never costs the recording: it
goes on without it, and the result has a warning.

    npm run studio -- --css my-theme.css    # follows the file as you save it

Start from one of these, in [\`layout-app/themes/\`](../layout-app/themes):`;

const VARIABLES = `## Variables

Options reach the stylesheet as variables on \`.str-video\`; a theme may use them, or set them. Labels and
the title get a halo, dark or light as their colour asks for, so that they can be read over any video; with a background of
their own they get none, and \`-webkit-text-stroke: 0\` takes it off.

## What decorations cost

Every machine that records draws in software, so a decoration costs CPU, all through the call. Labels, borders and the title
cost next to nothing, round corners and shadows a little, filters and mirroring much:
[measured](bench/decorations.md), with \`node test/run.mjs bench/decorations\`.`;
