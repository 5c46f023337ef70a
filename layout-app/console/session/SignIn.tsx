import { useId, useState } from 'react';
import { CompositorError } from '../../../worker/client/api/compositorError.ts';
import { openClient } from '../client.ts';
import { useSubmit } from '../parts/useSubmit.ts';
import { type Session, sessionWithSecret, sessionWithToken } from './session.ts';

interface Props {
  /** Why somebody has to sign in again. */
  readonly reason: string | null;
  readonly onSignedIn: (session: Session, isForBrowser: boolean) => void;
}

/** Signs in with an API key, and with its secret or a token. The server is asked before anything is kept. */
export function SignIn({ reason, onSignedIn }: Props) {
  const [way, setWay] = useState<'secret' | 'token'>('secret');
  const id = useId();
  const { problem, isBusy, onSubmit } = useSubmit(async ({ text, has }) => {
    const session =
      way === 'secret'
        ? await sessionWithSecret(text('key'), text('secret'), has('viewer'))
        : sessionWithToken(text('key'), text('token'));
    await check(session);
    onSignedIn(session, has('keep'));
  });
  return (
    <main className="signin">
      <form onSubmit={onSubmit} aria-describedby={problem ? `${id}-problem` : undefined}>
        <h1>
          <span className="mark" aria-hidden="true" />
          call-compositor
        </h1>
        <p className="quiet">Sign in to see, start and stop recordings.</p>
        {reason && (
          <p className="hint" role="status">
            {reason}
          </p>
        )}
        <label className="field">
          API key
          <input name="key" required autoComplete="username" spellCheck={false} />
        </label>
        <fieldset className="choice">
          <legend>with</legend>
          {(['secret', 'token'] as const).map((one) => (
            <label key={one}>
              <input type="radio" name="way" checked={way === one} onChange={() => setWay(one)} />
              {one === 'secret' ? 'its secret' : 'a token'}
            </label>
          ))}
        </fieldset>
        {way === 'secret' ? (
          <>
            <label className="field">
              Secret
              <input name="secret" type="password" required autoComplete="current-password" />
              <small>It stays in this browser: it signs a token for 12 hours, and is not kept.</small>
            </label>
            <label className="check">
              <input type="checkbox" name="viewer" />
              Only look, change nothing
            </label>
          </>
        ) : (
          <label className="field">
            Token
            <textarea name="token" rows={4} required spellCheck={false} autoComplete="off" />
            <small>A JWT that is signed with the secret of the key.</small>
          </label>
        )}
        <label className="check">
          <input type="checkbox" name="keep" />
          Stay signed in on this computer
        </label>
        {problem && (
          <p className="problem" id={`${id}-problem`} role="alert">
            {problem}
          </p>
        )}
        <button type="submit" className="button primary" disabled={isBusy}>
          {isBusy ? 'Signing in …' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}

/** Throws what the server says if it does not know the key, or refuses the token. A user may list single calls only. */
async function check(session: Session): Promise<void> {
  try {
    await openClient(new URL('.', document.baseURI), session)
      .list({ limit: 1 })
      [Symbol.asyncIterator]()
      .next();
  } catch (error) {
    if (!(error instanceof CompositorError) || error.status !== 403) throw error;
  }
}
