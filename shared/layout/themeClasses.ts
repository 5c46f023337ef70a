/** A class name that themes may rely on, and the options that change what it looks like. */
export interface ThemeClass {
  readonly name: string;
  readonly help: string;
  /** Keys of options, or prefixes of keys that end in a dot or an underscore. */
  readonly options: readonly string[];
}

const TILE = ['participant.', 'video.background_color'];
const LABEL = ['participant_label.', 'participant.label_'];
const BAR = ['layout.spotlight.', 'layout.size_percentage', 'grid.', 'layout.grid.gap'];

/** All class names, from the whole picture inward. They are public API. The theme guide and the studio are made from this table. */
// biome-ignore format: a table reads best with one row a line
export const THEME_CLASSES: readonly ThemeClass[] = [
  { name: 'str-video', help: 'The whole picture. Its attributes data-layout and data-theme tell the layout and the built-in theme.', options: ['layout.background_', 'layout.theme'] },
  { name: 'paginated-grid', help: 'The grid layout.', options: ['grid.', 'layout.grid.', 'layout.size_percentage'] },
  { name: 'str-video__paginated-grid-layout', help: 'The grid layout, inside the one above.', options: ['grid.', 'layout.grid.', 'layout.size_percentage'] },
  { name: 'str-video__paginated-grid-layout__group', help: 'All tiles of the page. It also has str-video__paginated-grid-layout--one, --two-four or --five-nine for up to nine tiles.', options: ['grid.', 'layout.grid.'] },
  { name: 'str-video__paginated-grid-layout__wrapper', help: 'The box between the two above.', options: [] },
  { name: 'spotlight', help: 'The spotlight layout, and the sidebar layout.', options: BAR },
  { name: 'sidebar', help: 'The sidebar layout, which has the classes of a spotlight and this one more.', options: BAR },
  { name: 'str-video__speaker-layout__wrapper', help: 'The box between the spotlight or sidebar layout and the box below.', options: [] },
  { name: 'str-video__speaker-layout', help: 'The spotlight or sidebar layout, inside the one above. It also has --variant-top, -bottom, -left or -right for the side of the bar.', options: BAR },
  { name: 'str-video__speaker-layout__spotlight', help: 'The box of the large tile.', options: BAR },
  { name: 'str-video__speaker-layout__participants-bar-buttons-wrapper', help: 'The outer box around the bar.', options: BAR },
  { name: 'str-video__speaker-layout__participants-bar-wrapper', help: 'The box around the bar.', options: BAR },
  { name: 'str-video__speaker-layout__participants-bar', help: 'The bar, inside the box above.', options: BAR },
  { name: 'str-video__speaker-layout__participant-tile', help: 'The box of one tile in the bar.', options: BAR },
  { name: 'eca__dominant-speaker__container', help: 'The single participant layout.', options: ['layout.single-participant.'] },
  { name: 'eca__dominant-speaker-screen-share__container', help: 'The single participant layout while a screen is shared.', options: ['layout.single-participant.'] },
  { name: 'eca__dominant-speaker-screen-share__current-speaker', help: 'The box of the presenter beside the shared screen.', options: ['layout.single-participant.presenter_visible'] },
  { name: 'str-video__participant-view', help: 'A tile. It also has --speaking, --dominant-speaker, --no-video, --no-audio or --screen-share where they apply.', options: TILE },
  { name: 'str-video__participant-view--speaking', help: 'The tile of a participant who is speaking.', options: ['participant.outline_', 'participant.video_highlight_border_color'] },
  { name: 'str-video__video', help: 'A video. It also has --screen-share, --mirror, --tall if it is taller than wide, or --not-playing before its first frame.', options: ['video.', 'layout.forceMirrorParticipants'] },
  { name: 'str-video__video--screen-share', help: 'The video of a shared screen.', options: ['video.screenshare_scale_mode'] },
  { name: 'str-video__video-placeholder', help: 'The content of a tile that has no video.', options: ['participant.placeholder_background_color'] },
  { name: 'str-video__video-placeholder__avatar', help: 'The image of a participant who has no video.', options: [] },
  { name: 'str-video__video-placeholder__initials-fallback', help: 'The initials of a participant who has neither video nor image.', options: [] },
  { name: 'str-video__participant-details', help: 'The label of a tile.', options: LABEL },
  { name: 'str-video__participant-details__name', help: 'The name in the label.', options: ['participant_label.text_color'] },
  { name: 'str-video__participant-details__name--audio-muted', help: 'The sign that the participant is muted.', options: ['participant_label.text_color'] },
  { name: 'eca__logo-and-title-overlay', help: 'The layer over the picture, with logo and title.', options: ['logo.', 'title.'] },
  { name: 'eca__logo-and-title-overlay__logo', help: 'The logo.', options: ['logo.'] },
  { name: 'eca__logo-and-title-overlay__title', help: 'The title.', options: ['title.'] },
  { name: 'eca__debug-timestamp', help: 'The clocks that the debug option shows. They also have the class eca__timestamp.', options: ['debug.show_timestamp'] },
];

/** Whether an option changes what the class looks like. `key` is the key of the option. */
export function touches({ options }: ThemeClass, key: string): boolean {
  return options.some((one) => key === one || (/[._]$/.test(one) && key.startsWith(one)));
}
