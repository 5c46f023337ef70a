import { LAYOUT_NAMES } from '../../../shared/layout/layoutNames.ts';
import { LayoutGlyph } from './LayoutGlyph.tsx';

interface Props {
  /** Of the group of radio buttons. */
  readonly name: string;
  /** Empty for none. */
  readonly value: string;
  /** Whether there is a choice that leaves the layout as it is configured. */
  readonly isOptional?: boolean;
  readonly onChange: (layout: string) => void;
}

/** The built-in layouts as drawings to choose from. */
export function LayoutChoice({ name, value, isOptional = false, onChange }: Props) {
  const names = [...(isOptional ? [''] : []), ...LAYOUT_NAMES];
  return (
    <fieldset className="layouts">
      <legend>Layout</legend>
      {names.map((one) => (
        <label key={one} data-chosen={value === one}>
          <input type="radio" name={name} checked={value === one} onChange={() => onChange(one)} />
          {one === '' ? <span className="glyph" /> : <LayoutGlyph name={one} />}
          <span>{one === '' ? 'as configured' : one.replace('_', ' ')}</span>
        </label>
      ))}
    </fieldset>
  );
}
