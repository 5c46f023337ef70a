import { useEffect, useId, useState } from 'react';
import type { BuiltInTheme } from '../../shared/layout/builtInThemes.ts';
import { LAYOUT_NAMES, type LayoutName } from '../../shared/layout/layoutNames.ts';
import type { LayoutOption } from '../../shared/layout/layoutOptions.ts';
import { parseLayoutOptions } from '../../shared/layout/parseLayoutOptions.ts';
import { defaultOf } from '../../shared/layout/resolveLayoutOptions.ts';

interface Props {
  readonly option: LayoutOption;
  readonly layout: LayoutName;
  readonly theme: BuiltInTheme;
  /** undefined if the default applies. */
  readonly given: unknown;
  readonly onChange: (value: unknown) => void;
}

/** One option: its name, the control for its kind, what is wrong with the input, and a button that resets it. */
export function OptionRow({ option, layout, theme, given, onChange }: Props) {
  const id = useId();
  const usual = defaultOf(option, layout, theme);
  const [draft, setDraft] = useState<string | null>(null);
  // Something else changed the value, so the earlier input no longer counts.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the value matters
  useEffect(() => setDraft(null), [given]);
  const text = draft ?? textOf(given === undefined ? usual : given);
  const problem = draft === null ? null : problemOf(option, draft);
  const enter = (typed: string) => {
    setDraft(typed);
    if (typed.trim() === '') onChange(undefined);
    else if (problemOf(option, typed) === null) onChange(readValue(option, typed));
  };
  const described = problem ? `${id}-problem` : `${id}-help`;
  return (
    <div className="studio-option">
      <label htmlFor={id} title={option.help}>
        {option.key}
      </label>
      <Control
        id={id}
        option={option}
        text={text}
        described={described}
        isWrong={problem !== null}
        onEnter={enter}
      />
      <button
        type="button"
        className="studio-reset"
        aria-label={`Back to the default of ${option.key}`}
        title="Back to the default"
        disabled={given === undefined && draft === null}
        onClick={() => {
          setDraft(null);
          onChange(undefined);
        }}
      >
        ↺
      </button>
      {problem ? (
        <p id={`${id}-problem`} className="studio-problem">
          {problem}
        </p>
      ) : (
        <p id={`${id}-help`} className="studio-help">
          {option.help} {usual !== null && <>Default {textOf(usual)}.</>}
        </p>
      )}
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly option: LayoutOption;
  readonly text: string;
  readonly described: string;
  readonly isWrong: boolean;
  readonly onEnter: (typed: string) => void;
}

function Control({ id, option, text, described, isWrong, onEnter }: ControlProps) {
  const common = { id, 'aria-describedby': described, 'aria-invalid': isWrong };
  const values = option.kind === 'layout' ? LAYOUT_NAMES : option.values;
  if (values)
    return (
      <select {...common} value={text} onChange={({ target }) => onEnter(target.value)}>
        {text === '' && <option />}
        {values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    );
  switch (option.kind) {
    case 'boolean':
      return (
        <input
          {...common}
          type="checkbox"
          checked={text === 'true'}
          onChange={({ target }) => onEnter(String(target.checked))}
        />
      );
    case 'color':
      return (
        <span className="studio-color">
          <input
            type="color"
            aria-label={`${option.key}, picker`}
            value={/^#[\da-f]{6}$/i.test(text) ? text : '#000000'}
            onChange={({ target }) => onEnter(target.value)}
          />
          <input {...common} type="text" value={text} onChange={({ target }) => onEnter(target.value)} />
        </span>
      );
    case 'actions':
    case 'condition':
      return <textarea {...common} rows={3} value={text} onChange={({ target }) => onEnter(target.value)} />;
    default:
      return (
        <input
          {...common}
          type={NUMBERS.has(option.kind) ? 'number' : 'text'}
          step={option.kind === 'number' ? 0.1 : 1}
          value={text}
          onChange={({ target }) => onEnter(target.value)}
        />
      );
  }
}

const NUMBERS = new Set(['number', 'count', 'percentage', 'milliseconds']);
const PLAIN_JSON = new Set([...NUMBERS, 'boolean', 'boolean_or_length', 'limit', 'actions', 'condition']);

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value, null, 1) : String(value);
}

/** The input as the job would hold it: numbers, booleans and objects are read as JSON, everything else is text. */
function readValue({ kind }: LayoutOption, typed: string): unknown {
  if (!PLAIN_JSON.has(kind)) return typed;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

function problemOf(option: LayoutOption, typed: string): string | null {
  if (typed.trim() === '') return null;
  const [problem] = parseLayoutOptions({ [option.key]: readValue(option, typed) }).problems;
  return problem?.message.replace(/^layout option "[^"]*": /, '') ?? null;
}
