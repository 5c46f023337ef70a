import { useState } from 'react';
import { builtInThemeIn } from '../../shared/layout/builtInThemes.ts';
import { LAYOUT_OPTIONS, type LayoutOption } from '../../shared/layout/layoutOptions.ts';
import { THEME_CLASSES, touches } from '../../shared/layout/themeClasses.ts';
import { OptionRow } from './OptionRow.tsx';
import type { PanelProps } from './panelProps.ts';

/** The options of the chosen layout, by family, each with its control. If a class is chosen, only its options. */
export function OptionsPanel({ state, change, lookedAt, lookAt }: PanelProps) {
  const [search, setSearch] = useState('');
  const [showsOlder, setShowsOlder] = useState(false);
  const looked = THEME_CLASSES.find(({ name }) => name === lookedAt);
  const shown = LAYOUT_OPTIONS.filter(
    (option) =>
      option.layouts.includes(state.layout) &&
      (showsOlder || !option.alias || state.options[option.key] !== undefined) &&
      (!looked || touches(looked, option.key)) &&
      `${option.key} ${option.help}`.toLowerCase().includes(search.toLowerCase()),
  );
  const set = (key: string, value: unknown) => {
    const { [key]: _, ...others } = state.options;
    change({ options: value === undefined ? others : { ...others, [key]: value } });
  };
  return (
    <>
      <label className="studio-row">
        <span>Find</span>
        <input type="search" value={search} onChange={({ target }) => setSearch(target.value)} />
      </label>
      <label className="studio-check">
        <input
          type="checkbox"
          checked={showsOlder}
          onChange={({ target }) => setShowsOlder(target.checked)}
        />
        Older names too
      </label>
      {looked && (
        <p className="studio-looked">
          Those that touch <code>.{looked.name}</code>{' '}
          <button type="button" onClick={() => lookAt(null)}>
            Show all
          </button>
        </p>
      )}
      {familiesOf(shown).map(([family, options]) => (
        <fieldset key={family}>
          <legend>{family}</legend>
          {options.map((option) => (
            <OptionRow
              key={option.key}
              option={option}
              layout={state.layout}
              theme={builtInThemeIn(state.options)}
              given={state.options[option.key]}
              onChange={(value) => set(option.key, value)}
            />
          ))}
        </fieldset>
      ))}
      {shown.length === 0 && <p>No option fits.</p>}
    </>
  );
}

/** Options by the first part of their key, in the order of the table. */
function familiesOf(options: readonly LayoutOption[]): [string, LayoutOption[]][] {
  const families = new Map<string, LayoutOption[]>();
  for (const option of options) {
    const family = option.key.includes('.') ? (option.key.split('.')[0] as string) : 'other';
    families.set(family, [...(families.get(family) ?? []), option]);
  }
  return [...families];
}
