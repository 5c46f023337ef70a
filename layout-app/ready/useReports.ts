import { useEffect } from 'react';
import type { CallSnapshot } from '../call/call.ts';
import { callEnded, connection, failed, participants, ready } from '../layoutPage.ts';

/** Tells the recorder that the page is ready, how many people there are, gaps in the call, and how the call ended. */
export function useReports(
  { state, participants: people, isInterrupted }: CallSnapshot,
  isReady: boolean,
): void {
  const participantCount = people.length;
  const isJoined = state.name === 'joined';
  useEffect(() => {
    if (isJoined) participants(participantCount);
  }, [isJoined, participantCount]);
  useEffect(() => {
    if (isReady) ready();
  }, [isReady]);
  useEffect(() => {
    if (!isInterrupted) return;
    connection('lost');
    return () => connection('restored');
  }, [isInterrupted]);
  useEffect(() => {
    if (state.name === 'ended') callEnded();
    if (state.name === 'failed') failed(state.message, state.code);
  }, [state]);
}
