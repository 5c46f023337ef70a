import type { TestParticipant } from '../../shared/layout/layoutConfig.ts';
import type { LayoutName } from '../../shared/layout/layoutNames.ts';
import { sceneOf } from '../support/scene.ts';

/** Options that belong together: their section of docs/options.md, and the scene of its picture. */
export interface Family {
  readonly name: string;
  readonly title: string;
  has(key: string): boolean;
  readonly layout: LayoutName;
  readonly people: readonly TestParticipant[];
  /** The options that the picture shows. `image` is the address of an image that they may use. */
  options(image: string): Readonly<Record<string, unknown>>;
}

const startsWith =
  (...prefixes: string[]) =>
  (key: string) =>
    prefixes.some((prefix) => key.startsWith(prefix));

export const FAMILIES: readonly Family[] = [
  {
    name: 'video',
    title: 'Video',
    has: startsWith('video.'),
    layout: 'spotlight',
    people: sceneOf(4, { sharing: 1 }),
    options: () => ({
      'video.background_color': '#31436b',
      'participant.aspect_ratio': '1/1',
      'video.scale_mode': 'fit',
    }),
  },
  {
    name: 'participant',
    title: 'Tiles',
    has: (key) =>
      key.startsWith('participant.') && !key.startsWith('participant.label_') && key !== 'participant.filter',
    layout: 'grid',
    people: sceneOf(6, { more: { 3: { publishedTracks: ['audio'] } } }),
    options: () => ({
      'participant.border_radius': '0.2rem',
      'participant.video_border_width': '3px',
      'participant.video_border_color': '#ffffff',
      'participant.outline_color': '#ff7a00',
      'participant.outline_width': '6px',
      'participant.aspect_ratio': '4/3',
      'participant.placeholder_background_color': '#31436b',
    }),
  },
  {
    name: 'label',
    title: 'Labels',
    has: startsWith('participant_label.', 'participant.label_'),
    layout: 'grid',
    people: sceneOf(4),
    options: () => ({
      'participant_label.background_color': '#ffffffe0',
      'participant_label.border_width': '0px',
      'participant_label.border_radius': '4px',
      'participant_label.horizontal_position': 'center',
      'participant_label.vertical_position': 'top',
    }),
  },
  {
    name: 'logo-and-title',
    title: 'Logo and title',
    has: startsWith('logo.', 'title.'),
    layout: 'spotlight',
    people: sceneOf(4),
    options: (image) => ({
      'logo.image_url': image,
      'logo.horizontal_position': 'right',
      'title.text': 'Weekly stand-up',
      'title.font_size': '24px',
      'title.color': '#ffd75e',
    }),
  },
  {
    name: 'picture',
    title: 'The whole picture',
    has: (key) =>
      key.startsWith('layout.background_') ||
      ['layout.size_percentage', 'layout.forceMirrorParticipants', 'debug.show_timestamp'].includes(key),
    layout: 'grid',
    people: sceneOf(4),
    options: (image) => ({
      'layout.background_color': '#31436b',
      'layout.background_image': image,
      'layout.background_size': '120px',
      'layout.background_repeat': 'repeat',
      'layout.size_percentage': 70,
    }),
  },
  {
    name: 'grid',
    title: 'Grid',
    has: startsWith('grid.', 'layout.grid.'),
    layout: 'grid',
    people: sceneOf(9),
    options: () => ({
      'grid.rows': 2,
      'grid.columns': 4,
      'layout.grid.gap': '2px',
      'layout.grid.page_size': 7,
      'layout.grid.expand_tiles': true,
    }),
  },
  {
    name: 'spotlight',
    title: 'Spotlight and sidebar',
    has: startsWith('layout.spotlight.'),
    layout: 'spotlight',
    people: sceneOf(9),
    options: () => ({
      'layout.spotlight.participants_bar_position': 'right',
      'layout.spotlight.participants_bar_limit': 4,
    }),
  },
  {
    name: 'theme',
    title: 'Built-in themes',
    has: (key) => key === 'layout.theme',
    layout: 'sidebar',
    people: sceneOf(5, { more: { 2: { publishedTracks: ['audio'] } } }),
    options: () => ({ 'layout.theme': 'light', 'title.text': 'Weekly stand-up', 'title.font_size': '22px' }),
  },
  {
    name: 'single-participant',
    title: 'Single participant',
    has: startsWith('layout.single-participant.'),
    layout: 'single_participant',
    people: sceneOf(2, { sharing: 1 }),
    options: () => ({
      'layout.single-participant.padding_inline': '8%',
      'layout.single-participant.padding_block': '4%',
    }),
  },
  {
    name: 'choice',
    title: 'Which layout, and who',
    has: (key) =>
      ['participant.filter', 'layout.priority', 'screenshare_layout', 'custom_actions'].includes(key) ||
      key.startsWith('custom_'),
    layout: 'grid',
    people: sceneOf(6, { more: { 1: { roles: ['guest'] }, 2: { roles: ['guest'] } } }),
    options: () => ({ 'participant.filter': { $not: { roles: { $contains: 'guest' } } } }),
  },
];
