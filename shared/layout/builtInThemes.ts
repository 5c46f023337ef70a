import type { OptionValue } from './optionValue.ts';

/** The values of `layout.theme`. */
export const BUILT_IN_THEMES = ['default', 'dark', 'light'] as const;
export type BuiltInTheme = (typeof BUILT_IN_THEMES)[number];

/**
 * What each built-in theme makes of the defaults of options. An option that the job gives wins over it, and so does an
 * external stylesheet, just as they win over the documented defaults. What no option says, such as the colours of
 * initials, is in layout-app/theme/builtInThemes.css.
 */
export const THEME_DEFAULTS: Readonly<Record<BuiltInTheme, Readonly<Record<string, OptionValue>>>> = {
  default: {},
  dark: {
    'layout.background_color': '#0f1318',
    'video.background_color': '#1a2027',
    'participant.placeholder_background_color': '#1f262e',
    'participant.video_border_color': '#2c353f',
    'participant.border_radius': '12px',
    'participant.outline_color': '#58a6ff',
    'participant.outline_width': '3px',
    'participant_label.text_color': '#f3f6f9',
    'participant_label.background_color': '#0f1318d9',
    'participant_label.border_width': '0px',
    'participant_label.border_radius': '8px',
    'title.color': '#f3f6f9',
  },
  light: {
    'layout.background_color': '#f2f4f7',
    'video.background_color': '#e3e8ee',
    'participant.placeholder_background_color': '#dfe5ec',
    'participant.video_border_color': '#cdd5de',
    'participant.border_radius': '12px',
    'participant.outline_color': '#1f6feb',
    'participant.outline_width': '3px',
    'participant_label.text_color': '#161b22',
    'participant_label.background_color': '#ffffffe6',
    'participant_label.border_width': '0px',
    'participant_label.border_radius': '8px',
    'title.color': '#161b22',
  },
};

/** The theme that options choose. */
export function builtInThemeIn(options: Readonly<Record<string, unknown>>): BuiltInTheme {
  return BUILT_IN_THEMES.find((name) => name === options['layout.theme']) ?? 'default';
}
