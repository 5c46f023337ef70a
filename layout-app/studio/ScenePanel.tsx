import { QUALITIES, type Quality } from '../../shared/encoding/encodingProfile.ts';
import { LAYOUT_NAMES, type LayoutName } from '../../shared/layout/layoutNames.ts';
import { demoName } from '../call/demo/demoNames.ts';
import type { PanelProps } from './panelProps.ts';
import {
  CAMERA_SHAPES,
  SCREEN_SHAPES,
  type StudioPerson,
  type StudioState,
  withCount,
} from './studioState.ts';

const MOST_PEOPLE = 100;
/** Only this many people have switches of their own; there may be more people in the call. */
const MOST_ROWS = 25;

const SWITCHES: readonly (readonly [key: keyof StudioPerson, label: string])[] = [
  ['isSpeaking', 'speaks'],
  ['isSharing', 'shares'],
  ['isPinned', 'pinned'],
  ['isMuted', 'muted'],
  ['isCameraOff', 'no camera'],
];

/** Layout, size, and who is in the call and does what. */
export function ScenePanel({ state, change }: PanelProps) {
  const set = (index: number, key: keyof StudioPerson, isOn: boolean) =>
    change({
      people: state.people.map((person, at) => {
        if (at === index) return { ...person, [key]: isOn };
        // Only one person is the dominant speaker at a time.
        return key === 'isSpeaking' && isOn ? { ...person, isSpeaking: false } : person;
      }),
    });
  return (
    <>
      <Choice
        label="Layout"
        value={state.layout}
        values={LAYOUT_NAMES}
        onChange={(layout) => change({ layout: layout as LayoutName })}
      />
      <Choice
        label="Quality"
        value={state.quality}
        values={QUALITIES}
        onChange={(quality) => change({ quality: quality as Quality })}
      />
      <label className="studio-row">
        <span>People</span>
        <input
          type="number"
          min={0}
          max={MOST_PEOPLE}
          value={state.people.length}
          onChange={({ target }) => {
            const count = Math.min(MOST_PEOPLE, Math.max(0, Math.round(Number(target.value))));
            change({ people: withCount(state.people, count) });
          }}
        />
      </label>
      <Choice
        label="Cameras"
        value={state.cameras}
        values={CAMERA_SHAPES}
        onChange={(cameras) => change({ cameras: cameras as StudioState['cameras'] })}
      />
      <Choice
        label="Screens"
        value={state.screens}
        values={SCREEN_SHAPES}
        onChange={(screens) => change({ screens: screens as StudioState['screens'] })}
      />
      <table className="studio-people">
        <thead>
          <tr>
            <th scope="col">Who</th>
            {SWITCHES.map(([key, label]) => (
              <th key={key} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {state.people.slice(0, MOST_ROWS).map((person, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a person is their place
            <tr key={index}>
              <th scope="row">
                <bdi>{demoName(index)}</bdi>
              </th>
              {SWITCHES.map(([key, label]) => (
                <td key={key}>
                  <input
                    type="checkbox"
                    aria-label={`${demoName(index)} ${label}`}
                    checked={person[key] ?? false}
                    onChange={({ target }) => set(index, key, target.checked)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Choice(props: {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChange: (value: string) => void;
}) {
  return (
    <label className="studio-row">
      <span>{props.label}</span>
      <select value={props.value} onChange={({ target }) => props.onChange(target.value)}>
        {props.values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  );
}
