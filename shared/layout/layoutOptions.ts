import { BUILT_IN_THEMES } from './builtInThemes.ts';
import { LAYOUT_NAMES, type LayoutName } from './layoutNames.ts';
import type { OptionKind, OptionValue } from './optionValue.ts';

/** One row of the option table. The parser, the page, the docs and the studio know nothing else about an option. */
export interface LayoutOption {
  readonly key: string;
  readonly kind: OptionKind;
  /** Allowed values, for the kind `enum`. */
  readonly values?: readonly string[];
  /** Layouts in which the key has an effect. */
  readonly layouts: readonly LayoutName[];
  /** The documented default: one value, a record where it differs by layout, or null for an option that is off. */
  readonly default: OptionValue | null | Readonly<Partial<Record<LayoutName, OptionValue>>>;
  /** The CSS custom property that carries the value into our stylesheet, for options that the stylesheet reads. */
  readonly cssVariable?: string;
  /** For a key of the older vocabulary: the newer key that it stands for, and what its value becomes there. */
  readonly alias?: {
    readonly key: string;
    readonly translate: (value: OptionValue) => OptionValue;
  };
  readonly help: string;
}

const ALL = LAYOUT_NAMES;
const SINGLE: readonly LayoutName[] = ['single_participant'];
const WITH_BAR: readonly LayoutName[] = ['spotlight', 'sidebar'];
const GRID: readonly LayoutName[] = ['grid'];
const TILED: readonly LayoutName[] = ['grid', 'spotlight', 'sidebar'];

const HORIZONTAL = ['left', 'center', 'right'] as const;
const VERTICAL = ['top', 'center', 'bottom'] as const;
const SCALE_MODES = ['fit', 'fill'] as const;
const BAR_POSITIONS = ['top', 'bottom', 'left', 'right', 'auto'] as const;
const PRIORITIES = ['speaker', 'pin'] as const;

const same = (value: OptionValue) => value;
// In the older vocabulary a radius is a number of rem, such as 1.2; in the newer one it is a length, such as "1.2rem".
const rem = (value: OptionValue) => (typeof value === 'number' ? `${value}rem` : value);
const squareUnless = (value: OptionValue) => (value === true ? '1.2rem' : '0px');
const onePixelIf = (value: OptionValue) => (value === true ? '1px' : '0px');
const alias = (key: string, translate = same) => ({ key, translate });

/**
 * Every layout option, in both documented vocabularies. The older one is that of the tables in the recording API's
 * documentation; the newer one is that of its example, and of the layout app that it links to. Where both document a
 * default, the default of the tables holds. An older key sets the newer key that its `alias` names, unless the job gives
 * the newer key too.
 */
// biome-ignore format: a table reads best with one row a line
export const LAYOUT_OPTIONS: readonly LayoutOption[] = [
  // Video
  { key: 'video.background_color', kind: 'color', layouts: ALL, default: '#000000', cssVariable: '--video-background-color', help: 'Colour behind a video that does not fill its tile.' },
  { key: 'video.scale_mode', kind: 'enum', values: SCALE_MODES, layouts: ALL, default: 'fill', cssVariable: '--video-scale-mode', help: 'Camera video that does not match its tile: fill crops it, fit pads it.' },
  { key: 'video.screenshare_scale_mode', kind: 'enum', values: SCALE_MODES, layouts: ALL, default: 'fit', cssVariable: '--screenshare-scale-mode', help: 'Screen share that does not match its tile: fill crops it, fit pads it.' },
  // Logo
  { key: 'logo.image_url', kind: 'url', layouts: ALL, default: null, help: 'Address of a logo image laid over the picture, or the image itself as data:image/...' },
  { key: 'logo.width', kind: 'length', layouts: ALL, default: 'initial', cssVariable: '--logo-width', help: 'Width of the logo.' },
  { key: 'logo.height', kind: 'length', layouts: ALL, default: '40px', cssVariable: '--logo-height', help: 'Height of the logo.' },
  { key: 'logo.horizontal_position', kind: 'enum', values: HORIZONTAL, layouts: ALL, default: 'center', help: 'Where the logo sits from left to right.' },
  { key: 'logo.vertical_position', kind: 'enum', values: VERTICAL, layouts: ALL, default: 'top', help: 'Where the logo sits from top to bottom.' },
  { key: 'logo.margin_inline', kind: 'length_pair', layouts: ALL, default: '0.875rem', cssVariable: '--logo-margin-inline', help: 'Space left and right of the logo.' },
  { key: 'logo.margin_block', kind: 'length_pair', layouts: ALL, default: '0.875rem', cssVariable: '--logo-margin-block', help: 'Space above and below the logo.' },
  // Title
  { key: 'title.text', kind: 'text', layouts: ALL, default: null, help: 'A title laid over the picture.' },
  { key: 'title.font_size', kind: 'length', layouts: ALL, default: '30px', cssVariable: '--title-font-size', help: 'Size of the title.' },
  { key: 'title.color', kind: 'color', layouts: ALL, default: 'white', cssVariable: '--title-color', help: 'Colour of the title.' },
  { key: 'title.horizontal_position', kind: 'enum', values: HORIZONTAL, layouts: ALL, default: 'left', help: 'Where the title sits from left to right.' },
  { key: 'title.vertical_position', kind: 'enum', values: VERTICAL, layouts: ALL, default: 'top', help: 'Where the title sits from top to bottom.' },
  { key: 'title.margin_inline', kind: 'length_pair', layouts: ALL, default: '0.875rem', cssVariable: '--title-margin-inline', help: 'Space left and right of the title.' },
  { key: 'title.margin_block', kind: 'length_pair', layouts: ALL, default: '0.875rem', cssVariable: '--title-margin-block', help: 'Space above and below the title.' },
  // Participant tile
  { key: 'participant.aspect_ratio', kind: 'ratio', layouts: ALL, default: null, cssVariable: '--participant-aspect-ratio', help: 'Shape of a tile, such as "9/16", "4/3" or "1".' },
  { key: 'participant.outline_color', kind: 'color', layouts: ALL, default: '#7CFC00', cssVariable: '--participant-outline-color', help: 'Outline of a participant who is speaking.' },
  { key: 'participant.outline_width', kind: 'length', layouts: ALL, default: '2px', cssVariable: '--participant-outline-width', help: 'Width of the outline of a participant who is speaking.' },
  { key: 'participant.border_radius', kind: 'corners', layouts: ALL, default: '1.2rem', cssVariable: '--participant-border-radius', help: 'Corner radius of a tile.' },
  { key: 'participant.placeholder_background_color', kind: 'color', layouts: ALL, default: '#000000', cssVariable: '--participant-placeholder-background-color', help: 'Background of a tile without video.' },
  { key: 'participant.filter', kind: 'condition', layouts: ALL, default: null, help: 'Condition a participant must meet to be shown.' },
  { key: 'participant.video_border_width', kind: 'boolean_or_length', layouts: ALL, default: true, cssVariable: '--participant-video-border-width', help: 'Border around a tile: true for 1px, false for none, or a width.' },
  { key: 'participant.video_border_color', kind: 'color', layouts: ALL, default: '#CCCCCC', cssVariable: '--participant-video-border-color', help: 'Colour of the border around a tile.' },
  { key: 'participant.video_highlight_border_color', kind: 'color', layouts: ALL, default: '#7CFC00', alias: alias('participant.outline_color'), help: 'Older name of participant.outline_color.' },
  { key: 'participant.video_border_radius', kind: 'number', layouts: ALL, default: 1.2, alias: alias('participant.border_radius', rem), help: 'Older name of participant.border_radius; a number counts rem.' },
  { key: 'participant.video_border_rounded', kind: 'boolean', layouts: ALL, default: true, alias: alias('participant.border_radius', squareUnless), help: 'false makes tiles square, whatever participant.video_border_radius says.' },
  // Participant label
  { key: 'participant_label.display', kind: 'boolean', layouts: ALL, default: true, help: 'Show the participant label.' },
  { key: 'participant_label.text_color', kind: 'color', layouts: ALL, default: '#000000', cssVariable: '--participant-label-text-color', help: 'Text colour of the label.' },
  { key: 'participant_label.background_color', kind: 'color', layouts: ALL, default: '#00000000', cssVariable: '--participant-label-background-color', help: 'Background colour of the label.' },
  { key: 'participant_label.border_width', kind: 'length', layouts: ALL, default: '1px', cssVariable: '--participant-label-border-width', help: 'Border width of the label.' },
  { key: 'participant_label.border_radius', kind: 'corners', layouts: ALL, default: '1.2rem', cssVariable: '--participant-label-border-radius', help: 'Corner radius of the label.' },
  { key: 'participant_label.border_color', kind: 'color', layouts: ALL, default: '#CCCCCC', cssVariable: '--participant-label-border-color', help: 'Border colour of the label.' },
  { key: 'participant_label.horizontal_position', kind: 'enum', values: HORIZONTAL, layouts: ALL, default: 'left', help: 'Where the label sits in its tile from left to right.' },
  { key: 'participant_label.vertical_position', kind: 'enum', values: VERTICAL, layouts: ALL, default: 'bottom', help: 'Where the label sits in its tile from top to bottom.' },
  { key: 'participant_label.margin_inline', kind: 'length_pair', layouts: ALL, default: '0px', cssVariable: '--participant-label-margin-inline', help: 'Space left and right of the label.' },
  { key: 'participant_label.margin_block', kind: 'length_pair', layouts: ALL, default: '0px', cssVariable: '--participant-label-margin-block', help: 'Space above and below the label.' },
  { key: 'participant.label_display', kind: 'boolean', layouts: ALL, default: true, alias: alias('participant_label.display'), help: 'Older name of participant_label.display.' },
  { key: 'participant.label_text_color', kind: 'color', layouts: ALL, default: '#000000', alias: alias('participant_label.text_color'), help: 'Older name of participant_label.text_color.' },
  { key: 'participant.label_background_color', kind: 'color', layouts: ALL, default: '#00000000', alias: alias('participant_label.background_color'), help: 'Older name of participant_label.background_color.' },
  { key: 'participant.label_display_border', kind: 'boolean', layouts: ALL, default: true, alias: alias('participant_label.border_width', onePixelIf), help: 'Border around the label: true for 1px, false for none.' },
  { key: 'participant.label_border_color', kind: 'color', layouts: ALL, default: '#CCCCCC', alias: alias('participant_label.border_color'), help: 'Older name of participant_label.border_color.' },
  { key: 'participant.label_border_radius', kind: 'number', layouts: ALL, default: 1.2, alias: alias('participant_label.border_radius', rem), help: 'Older name of participant_label.border_radius; a number counts rem.' },
  { key: 'participant.label_border_rounded', kind: 'boolean', layouts: ALL, default: true, alias: alias('participant_label.border_radius', squareUnless), help: 'false makes labels square, whatever participant.label_border_radius says.' },
  { key: 'participant_label.display_border', kind: 'boolean', layouts: ALL, default: true, alias: alias('participant_label.border_width', onePixelIf), help: 'Another older name: participant.label_display_border.' },
  { key: 'participant_label.border_rounded', kind: 'boolean', layouts: ALL, default: true, alias: alias('participant_label.border_radius', squareUnless), help: 'Another older name: participant.label_border_rounded.' },
  { key: 'participant.label_horizontal_position', kind: 'enum', values: HORIZONTAL, layouts: ALL, default: 'left', alias: alias('participant_label.horizontal_position'), help: 'Older name of participant_label.horizontal_position.' },
  { key: 'participant.label_vertical_position', kind: 'enum', values: VERTICAL, layouts: ALL, default: 'bottom', alias: alias('participant_label.vertical_position'), help: 'Older name of participant_label.vertical_position.' },
  // Whole picture
  { key: 'layout.size_percentage', kind: 'percentage', layouts: TILED, default: { grid: 90, spotlight: 20, sidebar: 20 }, cssVariable: '--layout-size-percentage', help: 'Share of the picture the grid takes up; in spotlight and sidebar, the share of the bar.' },
  { key: 'layout.background_color', kind: 'color', layouts: ALL, default: '#000000', cssVariable: '--layout-background-color', help: 'Background colour of the picture.' },
  { key: 'layout.background_image', kind: 'image', layouts: ALL, default: null, cssVariable: '--layout-background-image', help: 'Background image: an address, url(...), a gradient, or several of these with commas between them.' },
  { key: 'layout.background_size', kind: 'css_words', layouts: ALL, default: 'cover', cssVariable: '--layout-background-size', help: 'CSS background-size of the background image.' },
  { key: 'layout.background_position', kind: 'css_words', layouts: ALL, default: 'center', cssVariable: '--layout-background-position', help: 'CSS background-position of the background image.' },
  { key: 'layout.background_repeat', kind: 'css_words', layouts: ALL, default: 'no-repeat', cssVariable: '--layout-background-repeat', help: 'CSS background-repeat of the background image.' },
  { key: 'layout.theme', kind: 'enum', values: BUILT_IN_THEMES, layouts: ALL, default: 'default', help: 'Colours that fit together, as other defaults of other options. What the job gives, and an external stylesheet, win over them.' },
  { key: 'layout.priority', kind: 'enum', values: PRIORITIES, layouts: ALL, default: null, help: 'Who is shown large, and comes onto a page first. pin: pinned people, and whoever speaks changes nothing. speaker: whoever speaks, before pinned people. Without it, pinned people come first, then whoever speaks.' },
  { key: 'layout.forceMirrorParticipants', kind: 'boolean', layouts: ALL, default: false, help: 'Mirror every camera, as participants see themselves.' },
  { key: 'screenshare_layout', kind: 'layout', layouts: TILED, default: { grid: 'spotlight', spotlight: 'spotlight', sidebar: 'sidebar' }, help: 'The layout while a screen is shared.' },
  { key: 'custom_layout_override', kind: 'layout', layouts: ALL, default: null, help: 'The layout to use instead of layout.name.' },
  { key: 'custom_screen_share_layout_override', kind: 'layout', layouts: ALL, default: null, help: 'The layout to use instead of screenshare_layout.' },
  { key: 'custom_actions', kind: 'actions', layouts: ALL, default: null, help: 'Layout and option overrides that hold while a condition on the call does.' },
  { key: 'debug.show_timestamp', kind: 'boolean', layouts: ALL, default: false, help: 'Show the wall clock and the page clock over the picture.' },
  // Grid
  { key: 'grid.rows', kind: 'count', layouts: TILED, default: { grid: 4, spotlight: 1, sidebar: 1 }, help: 'Rows of a page; in spotlight and sidebar, of the bar, or its columns if it is at the left or right.' },
  { key: 'grid.columns', kind: 'count', layouts: TILED, default: 5, help: 'Columns of a page.' },
  { key: 'grid.margin', kind: 'length', layouts: TILED, default: '10px', cssVariable: '--grid-margin', help: 'Space around the grid; in spotlight and sidebar, also between the large tile and the bar.' },
  { key: 'grid.cell_padding', kind: 'length', layouts: TILED, default: '10px', alias: alias('layout.grid.gap'), help: 'Older name of layout.grid.gap.' },
  { key: 'grid.size_percentage', kind: 'percentage', layouts: TILED, default: { grid: 90, spotlight: 20, sidebar: 20 }, alias: alias('layout.size_percentage'), help: 'Older name of layout.size_percentage.' },
  { key: 'grid.position', kind: 'enum', values: BAR_POSITIONS, layouts: WITH_BAR, default: { spotlight: 'bottom', sidebar: 'auto' }, alias: alias('layout.spotlight.participants_bar_position'), help: 'Older name of layout.spotlight.participants_bar_position.' },
  { key: 'grid.screenshare_layout', kind: 'layout', layouts: TILED, default: { grid: 'spotlight', spotlight: 'spotlight', sidebar: 'sidebar' }, alias: alias('screenshare_layout'), help: 'Older name of screenshare_layout.' },
  { key: 'layout.grid.gap', kind: 'length', layouts: TILED, default: '10px', cssVariable: '--grid-gap', help: 'Space between tiles.' },
  { key: 'layout.grid.page_size', kind: 'count', layouts: GRID, default: 20, help: 'Most tiles on a page.' },
  { key: 'layout.grid.expand_tiles', kind: 'boolean', layouts: GRID, default: false, help: 'Wide tiles that fill the width of the picture: 16:9, in 1 column for one person, 2 for up to four, 3 for up to nine, else 4.' },
  // Single participant
  { key: 'layout.single-participant.mode', kind: 'enum', values: ['default', 'shuffle'], layouts: SINGLE, default: 'default', help: 'shuffle shows one participant after another.' },
  { key: 'layout.single-participant.shuffle_delay', kind: 'milliseconds', layouts: SINGLE, default: 3500, help: 'How long shuffle shows each participant, in milliseconds.' },
  { key: 'layout.single-participant.padding_inline', kind: 'length', layouts: SINGLE, default: '0px', cssVariable: '--single-participant-padding-inline', help: 'Space left and right of the tile.' },
  { key: 'layout.single-participant.padding_block', kind: 'length', layouts: SINGLE, default: '0px', cssVariable: '--single-participant-padding-block', help: 'Space above and below the tile.' },
  { key: 'layout.single-participant.presenter_visible', kind: 'boolean', layouts: SINGLE, default: true, help: 'Show the presenter in a corner of their screen share.' },
  // Spotlight
  { key: 'layout.spotlight.participants_bar_position', kind: 'enum', values: BAR_POSITIONS, layouts: WITH_BAR, default: { spotlight: 'bottom', sidebar: 'auto' }, help: 'The side on which the bar sits. auto is the right side of a landscape picture, and the bottom of a portrait one.' },
  { key: 'layout.spotlight.participants_bar_limit', kind: 'limit', layouts: WITH_BAR, default: 'dynamic', help: 'Most tiles in the bar; dynamic for as many as fit.' },
];
