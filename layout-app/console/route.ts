import { useSyncExternalStore } from 'react';
import { EVERYTHING, type Filter } from './store/recordingStore.ts';

/** Where on the page somebody is; the fragment of its address says it, so that each place is a link. */
export interface Route {
  readonly place: 'recordings' | 'workers' | 'start';
  /** The recording that is looked at. */
  readonly id: string | null;
  readonly filter: Filter;
}

export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?');
  const [place, id] = path.split('/');
  const asked = Object.fromEntries(new URLSearchParams(query));
  const filter = Object.fromEntries(
    Object.entries(EVERYTHING).map(([name, none]) => [name, asked[name] ?? none]),
  ) as unknown as Filter;
  return {
    place: place === 'workers' || place === 'start' ? place : 'recordings',
    id: place === 'recordings' && id ? id : null,
    filter,
  };
}

export function hashOf({ place, id, filter }: Partial<Route>): string {
  const asked = Object.entries(filter ?? {}).filter(([, value]) => value !== '');
  const query = asked.length === 0 ? '' : `?${new URLSearchParams(asked as [string, string][])}`;
  const path = place === undefined || place === 'recordings' ? (id ? `recordings/${id}` : '') : place;
  return `#/${path}${query}`;
}

/** Goes to a place. `replace` leaves no step back, for what changes with every key. */
export function go(route: Partial<Route>, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') location.hash = hashOf(route);
  else {
    history.replaceState(null, '', hashOf(route));
    dispatchEvent(new Event('hashchange'));
  }
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return readRoute(hash);
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
