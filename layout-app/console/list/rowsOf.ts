import { groupOf, type Recording } from '../recording.ts';

/** A line of the list: a heading, or a recording. */
export type Row =
  | { readonly kind: 'heading'; readonly title: string; readonly count: number | null }
  | { readonly kind: 'recording'; readonly recording: Recording };

/** The lines of the list: what runs, what waits, and what is finished by the day on which it was started. */
export function rowsOf(recordings: readonly Recording[], now = new Date()): Row[] {
  const of = (group: string) => recordings.filter((one) => groupOf(one) === group);
  const [running, waiting] = [of('running'), of('waiting')];
  const rows = [...section('Running', running), ...section('Waiting', waiting)];
  let day = '';
  for (const recording of of('finished')) {
    const title = dayOf(new Date(recording.created_at), now);
    if (title !== day) rows.push({ kind: 'heading', title, count: null });
    day = title;
    rows.push({ kind: 'recording', recording });
  }
  return rows;
}

function section(title: string, recordings: readonly Recording[]): Row[] {
  if (recordings.length === 0) return [];
  const rows = recordings.map((recording): Row => ({ kind: 'recording', recording }));
  return [{ kind: 'heading', title, count: recordings.length }, ...rows];
}

function dayOf(at: Date, now: Date): string {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (at.toDateString() === now.toDateString()) return 'Finished today';
  if (at.toDateString() === yesterday.toDateString()) return 'Yesterday';
  const isThisYear = at.getFullYear() === now.getFullYear();
  return at.toLocaleDateString([], {
    ...{ weekday: 'long', day: 'numeric', month: 'long' },
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}
