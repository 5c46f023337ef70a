import { readFileSync } from 'node:fs';
import { LAYOUT_NAMES } from '../../shared/layout/layoutNames.ts';
import { LAYOUT_OPTIONS } from '../../shared/layout/layoutOptions.ts';
import { defaultOf } from '../../shared/layout/resolveLayoutOptions.ts';
import { PEOPLE, PICTURE, trialOf } from '../support/optionTrials.ts';
import { sceneConfig, sceneOf } from '../support/scene.ts';

export interface Scene {
  readonly name: string;
  readonly config: object;
}

const COUNTS = [1, 2, 4, 9, 25];
const THEMES = ['broadcast', 'contrast', 'midnight', 'paper', 'seminar'];
/** These show something else as time goes by. */
const TIMED = [
  'layout.single-participant.mode',
  'layout.single-participant.shuffle_delay',
  'debug.show_timestamp',
];

/** Every layout with many and few people, every theme, and every option with a value that is not its default. */
export function allScenes(): Scene[] {
  return [...layoutScenes(), ...themeScenes(), ...optionScenes()];
}

function layoutScenes(): Scene[] {
  return LAYOUT_NAMES.flatMap((layout) =>
    [0, 1].flatMap((sharing) =>
      COUNTS.map((count) => ({
        name: `${layout}, ${count} people${sharing ? ', screen shared' : ''}`,
        config: sceneConfig(layout, sceneOf(count, { sharing })),
      })),
    ),
  );
}

function themeScenes(): Scene[] {
  return THEMES.flatMap((theme) => {
    const path = new URL(`../../layout-app/themes/${theme}.css`, import.meta.url);
    const ext_css = `data:text/css;base64,${readFileSync(path).toString('base64')}`;
    return (['grid', 'spotlight'] as const).map((layout) => ({
      name: `theme ${theme}, ${layout}`,
      config: sceneConfig(layout, PEOPLE, {}, { ext_css }),
    }));
  });
}

function optionScenes(): Scene[] {
  return LAYOUT_OPTIONS.filter(({ key }) => !TIMED.includes(key)).flatMap((option) => {
    const [layout = 'grid'] = option.layouts;
    const { people, beside, values = [] } = trialOf(option);
    const value = values.find((one) => one !== defaultOf(option, layout) && one !== layout);
    const context = { 'title.text': 'A title', 'logo.image_url': PICTURE };
    const options = { ...context, ...beside, [option.key]: value };
    return [
      {
        name: `${layout}, ${option.key}: ${JSON.stringify(value)?.slice(0, 60)}`,
        config: sceneConfig(layout, people ?? PEOPLE, options),
      },
    ];
  });
}
