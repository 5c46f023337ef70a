import { type MouseEvent, useEffect, useState } from 'react';
import { useConsole } from './consoleContext.ts';
import type { Session } from './session/session.ts';

const ADDRESS = './dashboard/';

/**
 * The dashboard of the queue, where this session may see it: the server sets its cookie when the link is followed. null
 * where it may not.
 */
export function useDashboard(): {
  readonly address: string;
  readonly onClick: (event: MouseEvent) => void;
} | null {
  const { session, complain } = useConsole();
  const [isAllowed, setAllowed] = useState(false);
  useEffect(() => {
    if (session.role !== 'server') return;
    let isOver = false;
    ask('GET', session)
      .then((answer) => answer.json())
      .then(({ is_allowed }) => !isOver && setAllowed(is_allowed === true))
      .catch(() => {});
    return () => {
      isOver = true;
    };
  }, [session]);
  if (!isAllowed) return null;
  return {
    address: ADDRESS,
    onClick: (event) => {
      event.preventDefault();
      ask('POST', session)
        .then((answer) => {
          if (!answer.ok)
            throw new Error(`the server did not open the dashboard: it answered ${answer.status}`);
          location.assign(ADDRESS);
        })
        .catch(complain);
    },
  };
}

/** Takes the cookie of the dashboard back, where there is one. */
export function endDashboard(session: Session): void {
  if (session.role === 'server') ask('DELETE', session).catch(() => {});
}

function ask(method: string, { apiKey, token }: Session) {
  const address = new URL(
    `./api/v1/dashboard/session?${new URLSearchParams({ api_key: apiKey })}`,
    document.baseURI,
  );
  return fetch(address, { method, headers: { authorization: token }, cache: 'no-store' });
}
