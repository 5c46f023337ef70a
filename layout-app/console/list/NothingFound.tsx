import { useConsole } from '../consoleContext.ts';
import { Notice } from '../parts/Notice.tsx';
import { hashOf } from '../route.ts';
import { EVERYTHING, type Filter } from '../store/recordingStore.ts';

/** Why the list is empty, and what to do. */
export function NothingFound({ filter }: { readonly filter: Filter }) {
  const { session, mayChange } = useConsole();
  if (session.role === 'user' && filter.call === '')
    return (
      <Notice title="Which call?">
        <p>
          The token of a user shows the recordings of one call at a time. Write the call above, for example
          default:standup.
        </p>
      </Notice>
    );
  if (JSON.stringify(filter) !== JSON.stringify(EVERYTHING))
    return (
      <Notice title="Nothing fits">
        <p>No recording fits what is looked for.</p>
        <a className="button" href={hashOf({})}>
          Show all
        </a>
      </Notice>
    );
  return (
    <Notice title="No recordings yet">
      {mayChange ? (
        <>
          <p>Start the first one here, from the studio, or over the API.</p>
          <p>
            <a className="button primary" href={hashOf({ place: 'start' })}>
              Start a recording
            </a>{' '}
            <a className="button" href="./docs">
              The API
            </a>
          </p>
        </>
      ) : (
        <p>They are shown here as soon as somebody starts one.</p>
      )}
    </Notice>
  );
}
