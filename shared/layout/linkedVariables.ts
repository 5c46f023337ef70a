/** A variable of the linked layout app's stylesheet that our page reads, if a theme sets it. */
export interface LinkedVariable {
  readonly name: string;
  readonly help: string;
  /** Options whose default value yields to the variable. An option that the job gives wins over it. */
  readonly options: readonly string[];
}

/**
 * All variables of the linked layout app's stylesheet that change our picture. An option that has two of them takes the
 * one that comes first here. The theme guide, the page and the tests are made from this table.
 */
// biome-ignore format: a table reads best with one row a line
export const LINKED_VARIABLES: readonly LinkedVariable[] = [
  // Colours
  { name: '--str-video__primary-color', help: 'Outline of people who speak, and the disc behind initials.', options: ['participant.outline_color'] },
  { name: '--str-video__text-color1', help: 'Text of labels, title, initials and error messages.', options: ['participant_label.text_color', 'title.color'] },
  { name: '--str-video__text-color2', help: 'Text of the message that others are awaited.', options: [] },
  { name: '--str-video__background-color0', help: 'Background of the picture.', options: ['layout.background_color'] },
  { name: '--str-video__background-color1', help: 'Background of error messages.', options: [] },
  { name: '--str-video__background-color4', help: 'Background of labels.', options: ['participant_label.background_color'] },
  { name: '--str-video__background-color5', help: 'Colour behind a video.', options: ['video.background_color'] },
  { name: '--str-video__base-color3', help: 'Borders of tiles and labels.', options: ['participant.video_border_color', 'participant_label.border_color'] },
  { name: '--str-video__base-color6', help: 'Background of a tile without video.', options: ['participant.placeholder_background_color'] },
  // Corners
  { name: '--str-video__border-radius-sm', help: 'Corners of tiles.', options: ['participant.border_radius'] },
  { name: '--str-video__border-radius-xs', help: 'Corners of labels.', options: ['participant_label.border_radius'] },
  { name: '--str-video__border-radius-circle', help: 'Corners of images and initials of people without video.', options: [] },
  { name: '--str-video__border-radius-xxs', help: 'Corners of the debug clocks.', options: [] },
  // Spaces
  { name: '--gap-size', help: 'Space between tiles. The places of the tiles are computed from it.', options: ['layout.grid.gap'] },
  { name: '--str-video__spacing-md', help: 'Space between tiles, if the theme does not set --gap-size.', options: ['layout.grid.gap'] },
  { name: '--str-video__spacing-lg', help: 'Space around the grid; in spotlight and sidebar, also between the stage and the bar.', options: ['grid.margin'] },
  { name: '--str-video__spacing-xl', help: 'Space around the logo and the title.', options: ['logo.margin_inline', 'logo.margin_block', 'title.margin_inline', 'title.margin_block'] },
  { name: '--str-video__spacing-sm', help: 'Space between the name and the sign beside it.', options: [] },
  { name: '--str-video__spacing-xs', help: 'Space left and right of the text of a label.', options: [] },
  { name: '--str-video__spacing-xxs', help: 'Space above and below the text of a label.', options: [] },
  // Letters
  { name: '--str-video__font-size-sm', help: 'Letters of labels.', options: [] },
  { name: '--str-video__font-size-xxl', help: 'Letters of the title.', options: ['title.font_size'] },
  { name: '--str-video__font-size-lg', help: 'Letters of the message that others are awaited.', options: [] },
  { name: '--str-video__font-size-md', help: 'Letters of error messages.', options: [] },
  { name: '--str-video__font-size-xs', help: 'Letters of the debug clocks.', options: [] },
  // Signs
  { name: '--str-video__icon--mic-off', help: 'The sign that a participant is muted, as an image that is used as a mask.', options: [] },
];
