/** A class name that themes may rely on, in the nesting of the linked layout app, and the options that touch it. */
export interface ThemeClass {
  readonly name: string;
  readonly help: string;
  /** Keys of options, or prefixes of keys that end in a dot or an underscore. */
  readonly options: readonly string[];
}

const TILE = ['participant.', 'video.background_color'];
const LABEL = ['participant_label.', 'participant.label_'];
const BAR = ['layout.spotlight.', 'layout.size_percentage', 'grid.', 'layout.grid.gap'];

/** The class map: public API, from the whole picture inward. The theme guide and the studio come from here. */
// biome-ignore format: a table reads best with one row a line
export const THEME_CLASSES: readonly ThemeClass[] = [
  { name: 'str-video', help: 'The whole picture.', options: ['layout.background_'] },
  { name: 'paginated-grid', help: 'The grid layout.', options: ['grid.', 'layout.grid.', 'layout.size_percentage'] },
  { name: 'str-video__paginated-grid-layout', help: 'The grid layout, inside the one above.', options: ['grid.', 'layout.grid.', 'layout.size_percentage'] },
  { name: 'str-video__paginated-grid-layout__group', help: 'All tiles of the page; --one, --two-four or --five-nine by their number.', options: ['grid.', 'layout.grid.'] },
  { name: 'spotlight', help: 'The spotlight layout.', options: BAR },
  { name: 'str-video__speaker-layout', help: 'The spotlight layout, inside the one above; --variant-top, -bottom, -left or -right by where the bar is.', options: BAR },
  { name: 'str-video__speaker-layout__spotlight', help: 'The place of the stage.', options: BAR },
  { name: 'str-video__speaker-layout__participants-bar-wrapper', help: 'The box of the bar.', options: BAR },
  { name: 'str-video__speaker-layout__participants-bar', help: 'The bar, inside its box.', options: BAR },
  { name: 'str-video__speaker-layout__participant-tile', help: 'The place of a tile in the bar.', options: BAR },
  { name: 'eca__dominant-speaker__container', help: 'The single participant layout.', options: ['layout.single-participant.'] },
  { name: 'eca__dominant-speaker-screen-share__container', help: 'The same while a screen is shared.', options: ['layout.single-participant.'] },
  { name: 'eca__dominant-speaker-screen-share__current-speaker', help: 'The place of the presenter beside their screen.', options: ['layout.single-participant.presenter_visible'] },
  { name: 'str-video__participant-view', help: 'A tile; also --speaking, --dominant-speaker, --no-video, --no-audio and --screen-share.', options: TILE },
  { name: 'str-video__participant-view--speaking', help: 'The tile of somebody who speaks.', options: ['participant.outline_', 'participant.video_highlight_border_color'] },
  { name: 'str-video__video', help: 'A video; also --screen-share, --mirror, and --tall where it is taller than wide.', options: ['video.', 'layout.forceMirrorParticipants'] },
  { name: 'str-video__video--screen-share', help: 'The video of a shared screen.', options: ['video.screenshare_scale_mode'] },
  { name: 'str-video__video-placeholder', help: 'What a tile shows without video.', options: ['participant.placeholder_background_color'] },
  { name: 'str-video__video-placeholder__avatar', help: 'The image of a person without video.', options: [] },
  { name: 'str-video__video-placeholder__initials-fallback', help: 'The initials of one without an image.', options: [] },
  { name: 'str-video__participant-details', help: 'The label of a tile.', options: LABEL },
  { name: 'str-video__participant-details__name', help: 'The name in the label.', options: ['participant_label.text_color'] },
  { name: 'str-video__participant-details__name--audio-muted', help: 'The sign of somebody who is muted.', options: ['participant_label.text_color'] },
  { name: 'eca__logo-and-title-overlay', help: 'What lies over the picture.', options: ['logo.', 'title.'] },
  { name: 'eca__logo-and-title-overlay__logo', help: 'The logo.', options: ['logo.'] },
  { name: 'eca__logo-and-title-overlay__title', help: 'The title.', options: ['title.'] },
  { name: 'eca__timestamp', help: 'The clocks for measuring.', options: ['debug.show_timestamp'] },
];

/** Whether an option touches what a class names. */
export function touches({ options }: ThemeClass, key: string): boolean {
  return options.some((one) => key === one || (/[._]$/.test(one) && key.startsWith(one)));
}
