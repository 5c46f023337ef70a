import { useEffect, useRef } from 'react';
import { useConsole } from '../consoleContext.ts';
import { go, hashOf } from '../route.ts';
import { EVERYTHING, type Filter } from '../store/recordingStore.ts';

interface Props {
  readonly filter: Filter;
  readonly id: string | null;
}

const STATES: readonly (readonly [Filter['state'], string])[] = [
  ['', 'All'],
  ['running', 'Running'],
  ['waiting', 'Waiting'],
  ['ready', 'Ready'],
  ['failed', 'Failed'],
];

/** What is looked for: a call, a state, a time; and the button that starts a recording. */
export function Filters({ filter, id }: Props) {
  const { session, mayChange } = useConsole();
  const search = useRef<HTMLInputElement>(null);
  const change = (part: Partial<Filter>) => go({ id, filter: { ...filter, ...part } }, 'replace');
  useSlash(search);
  const isUser = session.role === 'user';
  const hasTimes = filter.from !== '' || filter.until !== '';
  return (
    <div className="filters">
      <div className="filters-line">
        <input
          ref={search}
          type="search"
          aria-label="Find a call"
          placeholder={isUser ? 'Which call? For example default:standup' : 'Find a call  ( / )'}
          value={filter.call}
          onChange={({ target }) => change({ call: target.value })}
        />
        {mayChange && (
          <a className="button primary" href={hashOf({ place: 'start' })}>
            Start
          </a>
        )}
      </div>
      <div className="filters-line">
        <fieldset className="chips" aria-label="State">
          {STATES.map(([state, name]) => (
            <button
              key={state}
              type="button"
              className="chip"
              aria-pressed={filter.state === state}
              onClick={() => change({ state })}
            >
              {name}
            </button>
          ))}
        </fieldset>
        <details className="times">
          <summary className="chip" data-on={hasTimes}>
            {hasTimes ? timesOf(filter) : 'Any time'}
          </summary>
          <div className="menu">
            <label className="field">
              From
              <input
                type="date"
                value={filter.from}
                max={filter.until}
                onChange={({ target }) => change({ from: target.value })}
              />
            </label>
            <label className="field">
              Until
              <input
                type="date"
                value={filter.until}
                min={filter.from}
                onChange={({ target }) => change({ until: target.value })}
              />
            </label>
            <button
              type="button"
              className="button"
              disabled={!hasTimes}
              onClick={() => change({ from: EVERYTHING.from, until: EVERYTHING.until })}
            >
              Any time
            </button>
          </div>
        </details>
      </div>
    </div>
  );
}

function timesOf({ from, until }: Filter): string {
  const day = (text: string) =>
    new Date(`${text}T00:00`).toLocaleDateString([], { day: 'numeric', month: 'short' });
  if (from && until) return from === until ? day(from) : `${day(from)} – ${day(until)}`;
  return from ? `Since ${day(from)}` : `Until ${day(until)}`;
}

/** The key "/" goes to the search, unless somebody writes somewhere. */
function useSlash(search: React.RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { target } = event;
      const isWriting =
        target instanceof HTMLElement && target.closest('input, textarea, select, dialog') !== null;
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isWriting) return;
      event.preventDefault();
      search.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [search]);
}
