import { useConsole, useRecordings } from './consoleContext.ts';
import { useDashboard } from './dashboard.ts';
import { hashOf, type Route } from './route.ts';

const ROLES = { server: 'May do everything', viewer: 'Read-only', user: 'User' } as const;

/** Where one can go, and who is signed in. */
export function TopBar({ place, onLeave }: { readonly place: Route['place']; readonly onLeave: () => void }) {
  const { session } = useConsole();
  const { isLive } = useRecordings();
  const dashboard = useDashboard();
  const here = (one: Route['place']) => (place === one ? ('page' as const) : undefined);
  return (
    <header className="topbar">
      <a className="brand" href={hashOf({})} aria-label="call-compositor">
        <span className="mark" aria-hidden="true" />
        <b>call-compositor</b>
      </a>
      <nav aria-label="Places">
        <a href={hashOf({})} aria-current={here('recordings')}>
          Recordings
        </a>
        {session.role !== 'user' && (
          <a href={hashOf({ place: 'workers' })} aria-current={here('workers')}>
            Workers
          </a>
        )}
        <a href="./studio/">Studio</a>
        {dashboard && (
          <a href={dashboard.address} onClick={dashboard.onClick}>
            Queue
          </a>
        )}
      </nav>
      {!isLive && (
        <span
          className="away"
          role="status"
          title="Events do not come at the moment; the page connects again by itself."
        >
          Reconnecting …
        </span>
      )}
      <details className="who">
        <summary aria-label={`Signed in with the key ${session.apiKey}`}>
          <span className="who-key">{session.userId ?? session.apiKey}</span>
          <span className="badge" data-state={session.role === 'viewer' ? 'absent' : 'role'}>
            {ROLES[session.role]}
          </span>
        </summary>
        <div className="menu">
          <p>
            Signed in with the API key <b>{session.apiKey}</b>
            {session.userId && (
              <>
                {' '}
                as <b>{session.userId}</b>
              </>
            )}
          </p>
          <p className="quiet">
            {session.expiresAtMs === null
              ? 'The token does not expire.'
              : `Until ${new Date(session.expiresAtMs).toLocaleString()}`}
          </p>
          <button type="button" className="button" onClick={onLeave}>
            Sign out
          </button>
        </div>
      </details>
    </header>
  );
}
