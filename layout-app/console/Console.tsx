import { useCallback, useState } from 'react';
import { Home } from './Home.tsx';
import { SignIn } from './session/SignIn.tsx';
import { forgetSession, keepSession, keptSession, type Session } from './session/session.ts';

/** The page for people: who is not signed in signs in, and then sees the recordings. */
export function Console() {
  const [session, setSession] = useState<Session | null>(keptSession);
  const [reason, setReason] = useState<string | null>(null);
  const leave = useCallback((why: string | null) => {
    forgetSession();
    setReason(why);
    setSession(null);
  }, []);
  if (session === null)
    return (
      <SignIn
        reason={reason}
        onSignedIn={(signedIn, isForBrowser) => {
          keepSession(signedIn, isForBrowser);
          setReason(null);
          setSession(signedIn);
        }}
      />
    );
  return <Home key={session.token} session={session} onLeave={leave} />;
}
