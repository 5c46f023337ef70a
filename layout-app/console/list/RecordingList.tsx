import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { useConsole, useRecordings } from '../consoleContext.ts';
import { messageOf } from '../parts/messageOf.ts';
import { Notice } from '../parts/Notice.tsx';
import { useNow } from '../parts/useNow.ts';
import { groupOf } from '../recording.ts';
import type { Filter } from '../store/recordingStore.ts';
import { useWorkers } from '../workers/useWorkers.ts';
import { NothingFound } from './NothingFound.tsx';
import { RecordingRow } from './RecordingRow.tsx';
import { rowsOf } from './rowsOf.ts';
import { whyItWaits } from './whyItWaits.ts';

interface Props {
  readonly filter: Filter;
  readonly id: string | null;
}

/** In pixels; as list.css has them. */
const HEADING_PX = 40;
const ROW_PX = 84;
/** The next page is asked for when so many rows are left below. */
const MORE_AT = 20;

/** All recordings that are looked for. Only the rows that are seen are in the page, however many there are. */
export function RecordingList({ filter, id }: Props) {
  const { store } = useConsole();
  const { all, isLoading, hasMore, problem } = useRecordings();
  const rows = useMemo(() => rowsOf(all), [all]);
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: (at) => (rows[at]?.kind === 'heading' ? HEADING_PX : ROW_PX),
    getItemKey: (at) => keyOf(rows[at], at),
    overscan: 3,
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !isLoading && last >= rows.length - MORE_AT) store.more();
  }, [store, hasMore, isLoading, last, rows.length]);

  const waits = all.some((one) => groupOf(one) === 'waiting');
  const workers = useWorkers(waits);
  const nowMs = useNow(waits);

  const step = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const from = (event.target as Element).closest<HTMLElement>('[data-index]')?.dataset.index;
    if (by === undefined || from === undefined) return;
    event.preventDefault();
    let at = Number(from) + by;
    while (rows[at]?.kind === 'heading') at += by;
    if (!rows[at]) return;
    virtual.scrollToIndex(at);
    // Once the row is in the page.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        frame.current?.querySelector<HTMLElement>(`[data-index="${at}"] a`)?.focus(),
      ),
    );
  };

  if (problem !== null && rows.length === 0)
    return (
      <Notice kind="wrong" title="The recordings could not be loaded">
        <p>{messageOf(problem)}</p>
        <button type="button" className="button" onClick={() => store.look(filter)}>
          Try again
        </button>
      </Notice>
    );
  if (rows.length === 0 && !isLoading) return <NothingFound filter={filter} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from link to link, which Tab does as well
    <div className="rows" ref={frame} onKeyDown={step} aria-busy={isLoading}>
      {/* biome-ignore lint/a11y/noRedundantRoles: a list without marks is none for some screen readers */}
      <ul role="list" style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <li key={key} data-index={index} style={{ transform: `translateY(${start}px)` }}>
              {row.kind === 'heading' ? (
                <h2 className="rows-heading">
                  {row.title} {row.count !== null && <span className="quiet">{row.count}</span>}
                </h2>
              ) : (
                <RecordingRow
                  recording={row.recording}
                  filter={filter}
                  isChosen={row.recording.id === id}
                  reason={row.recording.state === 'queued' ? whyItWaits(row.recording, workers, nowMs) : null}
                  nowMs={nowMs}
                />
              )}
            </li>
          );
        })}
      </ul>
      {isLoading && rows.length === 0 && <Loading />}
    </div>
  );
}

function keyOf(row: ReturnType<typeof rowsOf>[number] | undefined, at: number): string | number {
  if (!row) return at;
  return row.kind === 'heading' ? row.title : row.recording.id;
}

/** What is shown until the first answer comes. */
function Loading() {
  return (
    <div className="loading" role="status" aria-label="The recordings are loaded">
      {[0, 1, 2, 3].map((row) => (
        <span key={row} />
      ))}
    </div>
  );
}
